// docs/events.md describes every kind of event and every field of each.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVENT_KINDS, eventSchemas } from '../../src/protocol/eventSchema.ts';
import type { SchemaNode } from '../../src/protocol/schema.ts';

const text = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8');
const shared = namesIn(
  text.split('## Fields that mean the same everywhere')[1]!.split('\n## ')[0]!,
);

/** Everything set as code. */
function namesIn(section: string): Set<string> {
  return new Set([...section.matchAll(/`([^`]+)`/g)].map((match) => match[1]!));
}

function sectionOf(kind: string): string {
  return text.split(`\n### \`${kind}\`\n`)[1]?.split(/\n##/)[0] ?? '';
}

describe('docs/events.md', () => {
  it.each(EVENT_KINDS)('says when %s fires and what each field means', (kind) => {
    const section = sectionOf(kind);
    expect(section.trim()).not.toBe('');
    const told = namesIn(section);
    const schema = eventSchemas[kind] as SchemaNode & { is: 'record' };
    const missing = Object.keys(schema.fields).filter(
      (name) => !told.has(name) && !shared.has(name),
    );
    expect(missing).toEqual([]);
  });

  it('describes no kind that does not exist', () => {
    const headings = [...text.matchAll(/^### `(.+)`$/gm)].map((match) => match[1]);
    expect(new Set(headings)).toEqual(new Set(EVENT_KINDS));
    expect(headings).toHaveLength(EVENT_KINDS.length);
  });
});
