// Small helpers to build the page's fixed parts without a template language.

/** Attributes by name; `class` among them. */
export type Attributes = Readonly<Record<string, string>>;

/** An element with attributes and children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** Sets an element's text, only when it differs: screen readers announce each change. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
