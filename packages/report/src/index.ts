export { createInspection, usualTemperatures } from './inspection/inspection.js';
export type { AtTemperature, InspectedClass, Inspection, InspectionCollector, InspectionOptions } from './inspection/inspection.js';
export { claimed, judgeClaim, signed, tolerance, type Change, type Claim, type ClaimFigures } from './inspection/claim.js';
export { measure, type Measures } from './inspection/measures.js';
export { soften } from './inspection/soften.js';
