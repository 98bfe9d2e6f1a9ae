// Stands in for @vscode/spdlog, the server's log writer: appends lines to a file. Each export is
// assigned by name, because the server imports this from ES modules, which find only such names.

const fs = require('node:fs');
const path = require('node:path');

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];
const nothing = () => undefined;

class Logger {
  constructor(file) {
    this.file = file;
    this.level = levels.indexOf('info');
    this.setPattern = nothing;
    this.clearFormatters = nothing;
    this.flush = nothing;
    this.drop = nothing;
    for (const [level, name] of levels.entries()) {
      this[name] = (message) => this.write(level, message);
    }
  }

  getLevel() {
    return this.level;
  }

  setLevel(level) {
    this.level = level;
  }

  write(level, message) {
    if (level < this.level) return;
    try {
      fs.appendFileSync(this.file, `${new Date().toISOString()} [${levels[level]}] ${message}\n`);
    } catch {
      // The folder is gone: the test is over.
    }
  }
}

async function createLogger(_name, file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  return new Logger(file);
}

exports.version = 'stand-in';
exports.Logger = Logger;
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
exports.setLevel = nothing;
exports.setFlushOn = nothing;
