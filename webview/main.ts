// The page's beginning: connects to the session, gives the lens what it tells, and keeps it drawn.

import './theme/page.css';
import type { Progress, Reply, Request, TableDetails } from '../src/protocol/messages.ts';
import { Commands } from './controls/commands.ts';
import { ConsoleControl } from './controls/console.ts';
import { CopyMenu } from './controls/copyMenu.ts';
import { createCountButton } from './controls/countButton.ts';
import { ImportMenu } from './controls/importMenu.ts';
import { listenForKeys } from './controls/keyboard.ts';
import { ModeSwitch } from './controls/modeSwitch.ts';
import { PlaybackBar } from './controls/playbackBar.ts';
import { Recorder } from './controls/recorder.ts';
import { applyLocalTheme, createThemeToggle } from './controls/themeToggle.ts';
import { registerToolkit } from './controls/toolkit.ts';
import { WorkloadMenu } from './controls/workloadMenu.ts';
import { WorkNotices } from './controls/workNotices.ts';
import { Lens } from './model/lens.ts';
import type { Target } from './model/selection.ts';
import { copyEnded } from './model/workWords.ts';
import { scenes } from './scenes/registry.ts';
import { SessionClient } from './transport/sessionClient.ts';
import { vsCodeApi, vscodeTransport } from './transport/vscodeTransport.ts';
import { webSocketTransport } from './transport/webSocketTransport.ts';
import { FrameLoop } from './views/frameLoop.ts';
import { OpeningView } from './views/openingView.ts';
import { PageView } from './views/pageView.ts';

const api = vsCodeApi();
if (api === undefined) applyLocalTheme();
registerToolkit();

const transport = api === undefined ? webSocketTransport(location) : vscodeTransport(api);
const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
const lens = new Lens(scenes, (batch, number) => client.ack(batch, number));
const client = new SessionClient(transport, (told) => {
  lens.hear(told);
  if (told.kind === 'opening') opening.draw(told.opening);
  if (told.kind === 'hello') {
    opening.hide();
    showCutShort(told.hello.trace?.cutShort ?? '');
  }
  loop.wake();
});
transport.onLost(() => {
  if (opening.isOver) return;
  page.narration.setAlert('The connection to the store is gone: reload the page');
});

let details: TableDetails | undefined;
const request = (what: Request): Promise<Reply> => client.request(what);
const opening = new OpeningView(() => void request({ kind: 'stop' }));
const works = new WorkNotices();
const commands = new Commands(lens, (mode) => void request({ kind: 'set-mode', mode }), wake);
const consoleControl = new ConsoleControl(request);
const page = new PageView(
  {
    console: consoleControl,
    modeSwitch: new ModeSwitch(commands.chooseMode),
    playbackBar: new PlaybackBar(commands),
    works,
    recorder: new Recorder(request, (message) => page.narration.setAlert(message)),
    tools: [
      new WorkloadMenu((workload, onProgress, stop) =>
        client.request({ kind: 'workload', workload }, onProgress, stop),
      ).element,
      new ImportMenu((piece, onProgress) => client.request(piece, onProgress), works).element,
      createCountButton(
        works,
        (onProgress, stop) => client.request({ kind: 'stats' }, onProgress, stop),
        askForAccount,
      ),
      new CopyMenu(
        copyUnderNotice,
        (copy) => client.request({ kind: 'open-copy', copy }),
        () => lens.timeline.head.store.directory,
      ).element,
      ...(api === undefined ? [createThemeToggle()] : []),
    ],
  },
  { onSelect: select, onSeek: commands.seek, onFamily: showFamily, onDirty: wake },
);
const loop = new FrameLoop((elapsedMillis) => {
  lens.playback.tick(elapsedMillis);
  page.draw(lens, details, reducedMotion.matches);
  if (lens.wantsAccount) askForAccount();
  return lens.playback.moving;
});

(document.getElementById('lsm-lens') ?? document.body).append(page.element, opening.element);
listenForKeys(commands, {
  enlarge: () => page.closeUps.toggleEnlarged(),
  focusConsole: () => consoleControl.focus(),
  leave,
});
reducedMotion.addEventListener('change', wake);
// For tests, which hold what is drawn against the engine's own account.
Object.defineProperty(globalThis, 'lsmLens', { value: { lens, request, commands } });
wake();

function wake(): void {
  loop.wake();
}

/** The menu that began it may be closed meanwhile; the notice stays. */
function copyUnderNotice(
  into: string,
  onProgress: (progress: Progress) => void,
  onStart: (cancel: () => void) => void,
): Promise<Reply> {
  return works.during(
    `copying into ${into}`,
    (tell, stop) =>
      client.request(
        { kind: 'copy', into },
        (progress) => {
          tell(progress);
          onProgress(progress);
        },
        (cancel) => {
          stop(cancel);
          onStart(cancel);
        },
      ),
    (reply) => copyEnded(reply, into),
  );
}

function showCutShort(reason: string): void {
  page.narration.setAlert(reason === '' ? '' : `The recording ends early: ${reason}`);
}

function leave(): void {
  consoleControl.hideAnswer();
  works.putAwayEnded();
  if (page.closeUps.isEnlarged) page.closeUps.toggleEnlarged();
  else if (lens.selection.kind !== 'store') select({ kind: 'store' });
}

/**
 * After a rush the fold lacks the memtable's nodes, and no event tells what was counted in tables:
 * the session's own account has both.
 */
function askForAccount(): void {
  void request({ kind: 'state' }).then((reply) => {
    if (reply.kind === 'state') lens.hearAccount(reply.state);
    wake();
  });
}

function showFamily(family: number): void {
  lens.family = family;
  if (lens.selection.kind === 'level') select({ kind: 'store' });
  wake();
}

/** Shows a thing in the inspector; a table's blocks are asked for. */
function select(target: Target): void {
  lens.selection = target;
  details = undefined;
  wake();
  if (target.kind !== 'table' || lens.trace !== null) return;
  void request({ kind: 'table', file: target.file }).then((reply) => {
    const current = lens.selection;
    if (reply.kind !== 'table' || current.kind !== 'table' || current.file !== target.file) return;
    details = reply.table;
    wake();
  });
}
