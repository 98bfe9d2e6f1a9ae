// The page's keys. Controls that use a key themselves stop it from coming here.

/** What keys do to the clock. */
export interface ClockCommands {
  readonly playOrPause: () => void;
  readonly stepForward: () => void;
  readonly stepBack: () => void;
  readonly stepOver: () => void;
  readonly stepOverBack: () => void;
  readonly toBeginning: () => void;
  readonly toEnd: () => void;
  readonly nextMarker: () => void;
  readonly previousMarker: () => void;
}

/** What keys do to the page. */
export interface PageCommands {
  readonly enlarge: () => void;
  readonly focusConsole: () => void;
  readonly leave: () => void;
}

const CLOCK_KEYS: Readonly<Record<string, keyof ClockCommands>> = {
  ' ': 'playOrPause',
  '.': 'stepForward',
  ',': 'stepBack',
  ArrowRight: 'stepOver',
  ArrowLeft: 'stepOverBack',
  Home: 'toBeginning',
  End: 'toEnd',
  n: 'nextMarker',
  p: 'previousMarker',
};

const PAGE_KEYS: Readonly<Record<string, keyof PageCommands>> = {
  f: 'enlarge',
  '/': 'focusConsole',
  Escape: 'leave',
};

/** Listens on the document. */
export function listenForKeys(clock: ClockCommands, page: PageCommands): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (takesKeys(event.target)) return;
    // Space on a button is the button's.
    if (event.key === ' ' && event.target instanceof HTMLElement && isButton(event.target)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const clockCommand = CLOCK_KEYS[key];
    const pageCommand = PAGE_KEYS[key];
    if (clockCommand === undefined && pageCommand === undefined) return;
    event.preventDefault();
    if (clockCommand !== undefined) clock[clockCommand]();
    if (pageCommand !== undefined) page[pageCommand]();
  });
}

function takesKeys(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const name = target.localName;
  return (
    name === 'input' ||
    name === 'textarea' ||
    name === 'vscode-text-field' ||
    name === 'vscode-dropdown'
  );
}

function isButton(target: HTMLElement): boolean {
  return target.localName === 'button' || target.localName === 'vscode-button';
}
