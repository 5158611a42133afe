"use strict";
/* Draws a Vega-Lite specification as SVG in the page's colours. Resolves once it is drawn. */
function tidegateDraw(place, spec) {
  const font = getComputedStyle(document.body).fontFamily;
  const config = {
    aria: false,
    background: null,
    font: font,
    axis: {
      domainColor: "var(--rule)", tickColor: "var(--rule)", gridColor: "var(--grid)",
      labelColor: "var(--quiet)", titleColor: "var(--quiet)", titleFontWeight: "normal",
      labelFontSize: 11, titleFontSize: 11, titlePadding: 8
    },
    axisX: { grid: false, labelOverlap: true },
    legend: { labelColor: "var(--ink)", titleColor: "var(--quiet)", labelFontSize: 12, symbolSize: 80, offset: 6 },
    view: { stroke: null }
  };
  const options = {
    mode: "vega-lite", renderer: "svg", actions: false, defaultStyle: false, ast: true, config: config,
    tooltip: { disableDefaultStyle: true }
  };
  return vegaEmbed(place, spec, options).then(function (view) {
    place.querySelector("svg").setAttribute("aria-hidden", "true");
    place.setAttribute("data-drawn", "yes");
    return view;
  });
}
