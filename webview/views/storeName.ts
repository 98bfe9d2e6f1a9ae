// The store's name in the top bar, and how it is open.

import type { StoreInfo } from '../../src/protocol/treeState.ts';
import { OWN_ENGINE } from '../model/lens.ts';
import type { Lens } from '../model/lens.ts';
import { element, setText } from './element.ts';

export class StoreName {
  readonly element: HTMLElement;
  private readonly name = element('h1', { class: 'name' });
  private readonly badge = element('span', { class: 'badge' });

  constructor() {
    this.element = element('div', { class: 'store' }, this.name, this.badge);
  }

  draw(store: StoreInfo, lens: Lens): void {
    const { trace, status } = lens;
    setText(this.name, trace === null ? lastPart(store.directory) : trace.title);
    this.name.title = trace === null ? store.directory : trace.title;
    const readOnly = store.readOnly || status.readOnlyBecause !== '';
    const isForeign = store.engine !== OWN_ENGINE;
    const access = trace !== null ? 'recording' : readOnly ? 'read-only' : 'read-write';
    const parts = isForeign ? [store.engine, access] : [store.strategy, access];
    if (isForeign && trace === null) parts.push('0 bytes written');
    setText(this.badge, parts.join(' · '));
    this.badge.classList.toggle('foreign', isForeign);
    this.badge.classList.toggle('read-only', trace === null && readOnly);
    this.badge.title = status.readOnlyBecause;
  }
}

function lastPart(directory: string): string {
  const parts = directory.split(/[\\/]/).filter((part) => part !== '');
  return parts.at(-1) ?? 'LSM Lens';
}
