export { cacheFolder } from './cache-folder.js';
export { codeOf, fileError } from './file-error.js';
export { quoted, shellCommand } from './shell-command.js';
