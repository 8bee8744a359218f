// Prints a style sheet for the browsers of a query. Arguments: the file, the query, and "minify" for a small one.
import { readFileSync } from 'node:fs';
import browserslist from 'browserslist';
import { browserslistToTargets, transform } from 'lightningcss';

const [filename, query, size] = process.argv.slice(1);
const { code } = transform({
  filename,
  code: readFileSync(filename),
  targets: browserslistToTargets(browserslist(query)),
  minify: size === 'minify',
});
process.stdout.write(code);
