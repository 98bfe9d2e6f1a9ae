// The page that hosts the visualizer outside of VS Code, and the policy it runs under: nothing
// inline, nothing evaluated, nothing from anywhere else. Colours come with the page's own style
// sheet.

/** Where the page finds its parts, and the nonce that admits its one script. */
export interface PageParts {
  readonly title: string;
  readonly scriptUrl: string;
  readonly styleUrl: string;
  readonly nonce: string;
}

/** The whole document. */
export function pageHtml(parts: PageParts): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta property="csp-nonce" content="${parts.nonce}">
    <title>${escapeHtml(parts.title)}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${escapeHtml(parts.styleUrl)}">
    <script type="module" nonce="${parts.nonce}" src="${escapeHtml(parts.scriptUrl)}"></script>
  </head>
  <body data-host="local"><main id="lsm-lens"></main></body>
</html>
`;
}

/** The Content-Security-Policy header of the document. */
export function contentSecurityPolicy(nonce: string, port: number): string {
  return [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    // The toolkit makes one style element of its own, with the nonce from the document's head.
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data: blob:`,
    `font-src 'self'`,
    // Safari does not take 'self' to cover WebSockets.
    `connect-src 'self' ws://127.0.0.1:${port} ws://localhost:${port}`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
