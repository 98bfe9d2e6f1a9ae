// What the page shows to tests (webview/main.ts).

import type { Commands } from '../../../webview/controls/commands.ts';
import type { Lens } from '../../../webview/model/lens.ts';
import type { Reply, Request } from '../../../src/protocol/messages.ts';

declare global {
  interface Window {
    readonly lsmLens: {
      readonly lens: Lens;
      readonly commands: Commands;
      readonly request: (request: Request) => Promise<Reply>;
    };
  }
}
