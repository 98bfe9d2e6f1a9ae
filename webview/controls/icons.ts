// The page's few icons, drawn on a 16 × 16 grid in the current text colour.

export type IconName =
  | 'play'
  | 'pause'
  | 'next'
  | 'previous'
  | 'next-step'
  | 'previous-step'
  | 'enlarge'
  | 'shrink'
  | 'theme'
  | 'panel'
  | 'close';

const PATHS: Readonly<Record<IconName, string>> = {
  play: 'M4 2.5v11l9-5.5z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  next: 'M3.5 3v10l6.5-5zM11 3h1.6v10H11z',
  previous: 'M12.5 3v10L6 8zM3.4 3H5v10H3.4z',
  'next-step': 'M2 3v10l5.5-5zM7.5 3v10L13 8zM13 3h1.5v10H13z',
  'previous-step': 'M14 3v10L8.5 8zM8.5 3v10L3 8zM1.5 3H3v10H1.5z',
  enlarge: 'M2.5 2.5H7V4H4v3H2.5zM9 2.5h4.5V7H12V4H9zM2.5 9H4v3h3v1.5H2.5zM12 9h1.5v4.5H9V12h3z',
  shrink: 'M5.5 2.5H7V7H2.5V5.5h3zM9 2.5h1.5v3h3V7H9zM2.5 9H7v4.5H5.5v-3h-3zM9 9h4.5v1.5h-3v3H9z',
  theme: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zm0 1.5v9a4.5 4.5 0 0 1 0-9z',
  panel: 'M2 3h12v10H2zM3.5 4.5v7H9v-7zM10.3 4.5v7h2.2v-7z',
  close:
    'M3.7 2.6 8 6.9l4.3-4.3 1.1 1.1L9.1 8l4.3 4.3-1.1 1.1L8 9.1l-4.3 4.3-1.1-1.1L6.9 8 2.6 3.7z',
};

/** An icon; decoration only, its button carries the name. */
export function createIcon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('fill-rule', 'evenodd');
  svg.append(path);
  setIcon(svg, name);
  return svg;
}

/** Turns an icon into another. */
export function setIcon(icon: SVGSVGElement, name: IconName): void {
  const path = icon.firstElementChild;
  if (path?.getAttribute('d') !== PATHS[name]) path?.setAttribute('d', PATHS[name]);
}
