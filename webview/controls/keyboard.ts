// The page's keys. Controls that use a key themselves stop it from coming here.

export interface KeyCommands {
  readonly playOrPause: () => void;
  readonly stepForward: () => void;
  readonly stepBack: () => void;
  readonly stepOver: () => void;
  readonly stepOverBack: () => void;
  readonly toBeginning: () => void;
  readonly toEnd: () => void;
  readonly nextMarker: () => void;
  readonly previousMarker: () => void;
  readonly enlarge: () => void;
  readonly focusConsole: () => void;
  readonly leave: () => void;
}

const KEYS: Readonly<Record<string, keyof KeyCommands>> = {
  ' ': 'playOrPause',
  '.': 'stepForward',
  ',': 'stepBack',
  ArrowRight: 'stepOver',
  ArrowLeft: 'stepOverBack',
  Home: 'toBeginning',
  End: 'toEnd',
  n: 'nextMarker',
  p: 'previousMarker',
  f: 'enlarge',
  '/': 'focusConsole',
  Escape: 'leave',
};

/** Listens on the document. */
export function listenForKeys(commands: KeyCommands): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (takesKeys(event.target)) return;
    const command = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
    if (command === undefined) return;
    // Space and Enter on a button are the button's.
    if (event.key === ' ' && event.target instanceof HTMLElement && isButton(event.target)) return;
    event.preventDefault();
    commands[command]();
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
