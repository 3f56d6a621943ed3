/** Removes parts that only a live chart needs, some of which are numbered per process: the same series give the same document. */
export const plain = (svg: string): string =>
  svg.replace(/ (?:class|clip-path|pointer-events|ecmeta_\w+)="[^"]*"/g, '').replace(/<(style|defs)\b[^>]*>[\s\S]*?<\/\1>\n?/g, '');
