// Who writes these stores.

export const ENGINE_NAME = 'lsm-lens';

/** Of the engine, which may change without its files' formats changing. */
export const ENGINE_VERSION = '0.1.0';
