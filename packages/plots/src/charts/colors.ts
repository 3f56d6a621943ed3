/** Colors of marks on a light and on a dark page: each has a contrast of at least 3 with its background. */
export const markColors: readonly (readonly [light: string, dark: string])[] = [
  ['#2563eb', '#7aa8ff'],
  ['#c2410c', '#fb9a5c'],
  ['#047857', '#3ecf9a'],
  ['#9333ea', '#c99bff'],
  ['#be123c', '#ff8098'],
  ['#0e7490', '#4cc6e0'],
  ['#57534e', '#b8b2ab'],
];

/** Colors of text, axes and lines of the grid. */
export const inks = { ink: '#33404f', axis: '#8a94a1', faint: '#e3e7ec' } as const;
const darkInks: Readonly<Record<keyof typeof inks, string>> = { ink: '#d5dbe3', axis: '#7d8794', faint: '#2f3742' };

/** Returns the color of a mark by its number. */
export const colorOf = (number: number): string => (markColors[number % markColors.length] as readonly [string, string])[0];

/** Returns the dash of a mark by its number: colors that repeat have another dash. */
export const dashOf = (number: number): 'solid' | 'dashed' | 'dotted' =>
  (['solid', 'dashed', 'dotted'] as const)[Math.floor(number / markColors.length) % 3] as 'solid';

/** All colors with the name of their variable, for a light and for a dark page. */
const variables: readonly (readonly [name: string, light: string, dark: string])[] = [
  ...markColors.map(([light, dark], i) => [`--plot-${i}`, light, dark] as const),
  ...(Object.keys(inks) as (keyof typeof inks)[]).map((name) => [`--plot-${name}`, inks[name], darkInks[name]] as const),
];

/** Returns declarations of CSS for the variables of a light or a dark page. */
export const colorVariables = (page: 'light' | 'dark'): string =>
  variables.map(([name, light, dark]) => `${name}: ${page === 'light' ? light : dark};`).join(' ');

/** Replaces the colors of a drawing by variables of the page. */
export const withVariables = (svg: string): string =>
  variables.reduce((text, [name, light]) => text.replaceAll(`"${light}"`, `"var(${name},${light})"`), svg);
