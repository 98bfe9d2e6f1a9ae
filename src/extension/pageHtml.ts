// The page's frame inside VS Code: one script, one style sheet, nothing else may load or run.

import * as vscode from 'vscode';

/** The webview's document. Its policy allows only our own script, by nonce, and our own styles. */
export function pageHtml(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const nonce = crypto.randomUUID().replaceAll('-', '');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'webview.js'));
  const styles = webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'webview.css'));
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    // D3 positions marks through style attributes; style elements and sheets come from us alone.
    // The toolkit makes one style element of its own, with the nonce from the document's head.
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `style-src-attr 'unsafe-inline'`,
    `img-src ${webview.cspSource} data: blob:`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta property="csp-nonce" content="${nonce}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="${styles.toString()}">
    <title>LSM Lens</title>
  </head>
  <body>
    <div id="lsm-lens"></div>
    <script nonce="${nonce}" type="module" src="${script.toString()}"></script>
  </body>
</html>`;
}
