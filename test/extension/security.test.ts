// What the extension may do, as it tells VS Code: the page's policy, and what workspaces can bring
// about.

import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import { pageHtml } from '../../src/extension/pageHtml.ts';

vi.mock('vscode', () => {
  const joinPath = (base: URL, ...names: string[]): URL =>
    new URL(names.join('/'), `${base.href}/`);
  return { Uri: { joinPath } };
});

const SOURCE = 'https://*.webview.example';

function page(): { html: string; policy: Map<string, string>; nonce: string } {
  const webview = { cspSource: SOURCE, asWebviewUri: (uri: URL) => uri };
  const extension = new URL('https://extension.example/root');
  const html = pageHtml(webview as unknown as vscode.Webview, extension as unknown as vscode.Uri);
  const content = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)![1]!;
  const directives = content.split('; ').map((directive): [string, string] => {
    const [name, ...sources] = directive.split(' ');
    return [name!, sources.join(' ')];
  });
  const nonce = /<script nonce="([^"]+)"/.exec(html)![1]!;
  return { html, policy: new Map(directives), nonce };
}

describe('the page in VS Code', () => {
  test('runs our one script, by its nonce, and nothing inline or evaluated', () => {
    const { html, policy, nonce } = page();
    expect(policy.get('default-src')).toBe(`'none'`);
    expect(policy.get('script-src')).toBe(`'nonce-${nonce}'`);
    expect([...policy.values()].join(' ')).not.toMatch(/unsafe-eval|strict-dynamic/);
    // Positions of marks, which can run nothing.
    const inline = [...policy].filter(([, sources]) => sources.includes('unsafe-inline'));
    expect(inline.map(([name]) => name)).toEqual(['style-src-attr']);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toMatch(/<script(?![^>]*src=)| on[a-z]+=/);
  });

  test('reaches no other origin', () => {
    const { policy } = page();
    const sources = [...policy.values()].join(' ').split(' ');
    const foreign = sources.filter((source) => !/^'|^data:$|^blob:$/.test(source));
    expect(new Set(foreign)).toEqual(new Set([SOURCE]));
    expect(policy.has('connect-src')).toBe(false);
  });

  test('has a nonce of its own each time, that nobody guesses', () => {
    const nonces = new Set(Array.from({ length: 20 }, () => page().nonce));
    expect(nonces.size).toBe(20);
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('a workspace that is not trusted', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly activationEvents?: readonly string[];
    readonly capabilities: { readonly untrustedWorkspaces: { readonly supported: string } };
    readonly contributes: Readonly<Record<string, unknown>>;
  };

  test('brings the extension to do nothing by itself', () => {
    // VS Code itself adds one for each command, view and editor that is contributed.
    expect(manifest.activationEvents ?? []).toEqual([]);
    expect(manifest.capabilities.untrustedWorkspaces.supported).toBe('limited');
  });

  test('cannot set anything: the extension has no settings and runs no task of it', () => {
    const kinds = ['configuration', 'taskDefinitions', 'debuggers', 'terminal', 'jsonValidation'];
    expect(kinds.filter((kind) => Object.hasOwn(manifest.contributes, kind))).toEqual([]);
  });
});
