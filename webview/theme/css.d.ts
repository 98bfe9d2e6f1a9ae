// Style sheets are imported for their effect; the bundler gathers them into dist/webview.css.
declare module '*.css';
