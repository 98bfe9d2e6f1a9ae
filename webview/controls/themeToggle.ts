// The local page's theme: the system's by default, or one chosen and remembered. In VS Code the
// theme is VS Code's, and this is not shown.

import { createIcon } from './icons.ts';
import { iconButton } from './playbackBar.ts';

/** VS Code's names for kinds of themes; also the body's classes. */
const KINDS = [
  'vscode-dark',
  'vscode-light',
  'vscode-high-contrast',
  'vscode-high-contrast-light',
] as const;
type ThemeKind = (typeof KINDS)[number];

const NAMES: Readonly<Record<ThemeKind, string>> = {
  'vscode-dark': 'dark',
  'vscode-light': 'light',
  'vscode-high-contrast': 'high contrast, dark',
  'vscode-high-contrast-light': 'high contrast, light',
};
const MEMORY = 'lsm-lens-theme';

/** Gives the page in a plain browser its variables, and follows the system until one is chosen. */
export function applyLocalTheme(): void {
  document.body.classList.add('lsm-local');
  setKind(rememberedKind() ?? systemKind());
  for (const query of ['(prefers-color-scheme: light)', '(prefers-contrast: more)']) {
    matchMedia(query).addEventListener('change', () => {
      if (rememberedKind() === undefined) setKind(systemKind());
    });
  }
}

/** A button that goes through the themes. */
export function createThemeToggle(): HTMLElement {
  return iconButton('Change the theme', createIcon('theme'), () => {
    const at = KINDS.findIndex((kind) => document.body.classList.contains(kind));
    const next = KINDS[(at + 1) % KINDS.length] ?? 'vscode-dark';
    setKind(next);
    try {
      localStorage.setItem(MEMORY, next);
    } catch {
      // A browser that keeps nothing still shows the theme.
    }
  });
}

function setKind(kind: ThemeKind): void {
  document.body.classList.remove(...KINDS);
  document.body.classList.add(kind);
  // The toolkit watches this attribute, as VS Code sets it.
  document.body.dataset['vscodeThemeKind'] = kind;
  document.body.dataset['themeName'] = NAMES[kind];
}

function systemKind(): ThemeKind {
  const light = matchMedia('(prefers-color-scheme: light)').matches;
  if (!matchMedia('(prefers-contrast: more)').matches)
    return light ? 'vscode-light' : 'vscode-dark';
  return light ? 'vscode-high-contrast-light' : 'vscode-high-contrast';
}

function rememberedKind(): ThemeKind | undefined {
  try {
    const kept = localStorage.getItem(MEMORY);
    return KINDS.find((kind) => kind === kept);
  } catch {
    return undefined;
  }
}
