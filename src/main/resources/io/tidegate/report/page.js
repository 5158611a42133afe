"use strict";
(function () {
  const charts = JSON.parse(document.getElementById("charts-data").textContent);
  let failed = 0;
  Promise.all(charts.map(function (chart) {
    const place = document.getElementById(chart.id);
    return tidegateDraw(place, chart.spec).catch(function (problem) {
      failed += 1;
      place.textContent = "This chart could not be drawn; the table below has its figures.";
      console.error(chart.id, problem);
    });
  })).then(function () {
    document.documentElement.setAttribute("data-charts", failed === 0 ? "drawn" : "failed");
  });

  function csvOf(table) {
    return Array.from(table.rows).map(function (row) {
      return Array.from(row.cells).map(function (cell) {
        let text = cell.textContent.trim();
        if (/^[=+\-@\t]/.test(text) && !/^[+\-]?[\d.,]+/.test(text)) {
          text = "'" + text;
        }
        return /[",\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
      }).join(",");
    }).join("\r\n") + "\r\n";
  }

  document.querySelectorAll("button[data-csv]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      const table = document.getElementById(button.getAttribute("data-csv"));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([csvOf(table)], { type: "text/csv" }));
      link.download = button.getAttribute("data-csv") + ".csv";
      link.click();
      setTimeout(function () { URL.revokeObjectURL(link.href); }, 0);
    });
  });

  const index = document.querySelector("#index .tables");
  if (index) {
    const rows = Array.from(index.querySelectorAll("tbody tr"));
    const label = document.createElement("label");
    const field = document.createElement("input");
    const count = document.createElement("span");
    field.type = "search";
    count.setAttribute("role", "status");
    label.append("Search ", field, " ");
    field.addEventListener("input", function () {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach(function (row) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every(function (word) { return text.includes(word); });
        shown += row.hidden ? 0 : 1;
      });
      count.textContent = words.length ? shown + " of " + rows.length : "";
    });
    const line = document.createElement("p");
    line.className = "search";
    line.append(label, count);
    index.before(line);
  }

  let opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (d) { d.open = true; });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (d) { d.open = false; });
  });
})();
