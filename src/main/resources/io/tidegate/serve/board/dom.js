/* Builds elements. Text only ever becomes text: nothing here reads HTML. */

/** An element; attributes that are null, undefined or false are left out. */
export function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "on") {
      for (const [event, handler] of Object.entries(value)) {
        made.addEventListener(event, handler);
      }
    } else if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(name, value === true ? "" : String(value));
    }
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== "") {
      made.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }
  return made;
}

/** Text from outside, kept apart from the direction of the text around it. */
export function outside(text, tag = "bdi") {
  return el(tag, { dir: "auto" }, text);
}

/** A field with its label, kept on one line. */
export function labelled(text, field) {
  return el("span", { class: "labelled" }, el("label", { for: field.id }, text), field);
}

/** The page of a rollout, or the overview without an id. */
export function address(id, keep = {}) {
  const query = new URLSearchParams();
  if (id) {
    query.set("rollout", id);
  }
  for (const [name, value] of Object.entries(keep)) {
    if (value) {
      query.set(name, value);
    }
  }
  const text = query.toString();
  return text ? "/?" + text : "/";
}
