// Stands in for @vscode/native-watchdog, which ends a process whose parent has died. The tests end
// the server's whole process group themselves.

exports.start = () => undefined;
exports.exit = (code) => process.exit(code);
