import type { Container } from 'inversify';
import type { Kit } from '../kit/kit.js';
export interface RunOptions { readonly signal?: AbortSignal }
export interface RunResult { readonly steps: number }
export async function distill(_kit: Kit, _container: Container, _options: RunOptions): Promise<RunResult> { throw new Error('todo'); }
