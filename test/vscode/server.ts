// Runs a code-server of its own: empty profile, no marketplace, one extension installed from a
// .vsix, on a free port of the loopback interface.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { vscodeTools } from '../../scripts/vscode/tools.mjs';

/** Silences what the workbench would otherwise show, fetch or ask for. */
const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.simpleDialog.enable': true,
  'git.enabled': false,
  'json.schemaDownload.enable': false,
  'npm.fetchOnlinePackageInfo': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'typescript.disableAutomaticTypeAcquisition': true,
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

const quietFlags = [
  '--disable-getting-started-override',
  '--disable-proxy',
  '--disable-telemetry',
  '--disable-update-check',
  '--disable-workspace-trust',
  '--ignore-last-opened',
  '--vscode-option',
  'disable-websocket-compression',
];

const startMillisMax = 60_000;

export interface ServerOptions {
  /** An empty folder for everything the server writes. */
  readonly scratch: string;
  readonly vsix: string;
  /** VS Code settings on top of the quiet ones, as `workbench.colorTheme`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Environment variables on top of this process's own. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface Server {
  readonly url: string;
  /** Asks the server and all its processes to end. */
  stop(): void;
  /** Ends them at once. */
  kill(): void;
}

/** Installs the extension and starts the server; resolves when it answers. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { scratch, vsix, settings } = options;
  const folder = (name: string): string => path.join(scratch, name);
  for (const name of ['data/User', 'extensions', 'home', 'tmp']) {
    mkdirSync(folder(name), { recursive: true });
  }
  const settingsText = JSON.stringify({ ...quietSettings, ...settings }, null, 2);
  writeFileSync(folder('data/User/settings.json'), settingsText);
  const places = ['--user-data-dir', folder('data'), '--extensions-dir', folder('extensions')];
  const common = [vscodeTools.server, '--config', '/dev/null', ...places];
  const environment = serverEnvironment(options);
  const log = folder('server.log');

  const installer = spawnLogged([...common, '--install-extension', vsix], environment, log);
  const installed = await exitOf(installer);
  if (installed !== 0) throw new Error(`The .vsix was refused:\n${readFileSync(log, 'utf8')}`);

  const port = await freePort();
  const address = ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`];
  const child = spawnLogged([...common, ...address, ...quietFlags], environment, log);
  const server = { url: `http://127.0.0.1:${port}`, ...controlsOf(child) };
  await answered(server, child, log);
  return server;
}

function serverEnvironment({ scratch, environment }: ServerOptions): NodeJS.ProcessEnv {
  // Variables of an enclosing npm or VS Code would reach the extension host.
  const foreign = /^(npm_|XDG_|NODE_OPTIONS|VSCODE_|VITEST|PORT$|PASSWORD$|CODE_SERVER)/;
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(inherited),
    HOME: path.join(scratch, 'home'),
    TMPDIR: path.join(scratch, 'tmp'),
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    ...environment,
  };
}

/** In a process group of its own, so that it can be ended with all its children. */
function spawnLogged(args: readonly string[], env: NodeJS.ProcessEnv, log: string): ChildProcess {
  const output = openSync(log, 'a');
  const child = spawn(vscodeTools.node, args, {
    env,
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  return child;
}

function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

/** Signals reach the whole process group, the extension host in it too. */
function controlsOf(child: ChildProcess): Pick<Server, 'stop' | 'kill'> {
  const signalGroup = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // None of the group is left.
    }
  };
  const kill = (): void => signalGroup('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return { kill, stop: () => signalGroup('SIGTERM') };
}

async function answered(server: Server, child: ChildProcess, log: string): Promise<void> {
  const stepMillis = 50;
  for (let waited = 0; waited < startMillisMax; waited += stepMillis) {
    const answer = await fetch(`${server.url}/healthz`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok === true) return;
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, stepMillis));
  }
  server.kill();
  throw new Error(`code-server did not start:\n${readFileSync(log, 'utf8')}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
