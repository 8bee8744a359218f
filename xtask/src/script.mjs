// Prints a script without spaces, comments and long names. Its argument is the file. The options are those of cargo-leptos.
import { readFileSync } from 'node:fs';
import { minifySync } from '@swc/core';

const [file] = process.argv.slice(1);
const options = { compress: true, mangle: true, module: true };
process.stdout.write(minifySync(readFileSync(file, 'utf8'), options).code);
