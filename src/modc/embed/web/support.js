// Memory: arguments and results lie at $room, states above it; a freed state's place is used again.
const { instance: $instance } = await WebAssembly.instantiate(Uint8Array.from(atob($WASM), (c) => c.charCodeAt(0)), {});
const $c = $instance.exports;
$c._initialize?.();
const $memory = $c.memory;
let $top = ($c.__heap_base.value + 63) & ~63;
const $free = [];
const $lost = new FinalizationRegistry((at) => $free.push(at));

function $reserve(bytes) {
  const at = $top, padded = (bytes + 63) & ~63, missing = at + padded - $memory.buffer.byteLength;
  if (missing > 0) $memory.grow(Math.ceil(missing / 65536));
  $top += padded;
  return at;
}

/** What a function that refused its arguments throws; `code` is that of the C function. */
export class ModelError extends Error {
  constructor(code) {
    super($text($c.$NAME_error(code)));
    this.name = "ModelError";
    this.code = code;
  }
}

function $text(at) {
  const bytes = new Uint8Array($memory.buffer, at);
  return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
}

// One row per element type: array, smallest and largest integer, whether C has it as BigInt.
const $bool = { name: "bool", array: Uint8Array, low: 0, high: 1 };
const $int8 = { name: "int8", array: Int8Array, low: -128, high: 127 };
const $int16 = { name: "int16", array: Int16Array, low: -32768, high: 32767 };
const $int32 = { name: "int32", array: Int32Array, low: -(2 ** 31), high: 2 ** 31 - 1 };
const $int64 = { name: "int64", array: BigInt64Array, low: -(2n ** 63n), high: 2n ** 63n - 1n, big: true };
const $uint8 = { name: "uint8", array: Uint8Array, low: 0, high: 255 };
const $uint16 = { name: "uint16", array: Uint16Array, low: 0, high: 65535 };
const $uint32 = { name: "uint32", array: Uint32Array, low: 0, high: 2 ** 32 - 1 };
const $uint64 = { name: "uint64", array: BigUint64Array, low: 0n, high: 2n ** 64n - 1n, big: true };
const $float32 = { name: "float32", array: Float32Array, real: true };
const $float64 = { name: "float64", array: Float64Array, real: true };

/** `value` as C takes it, or an exception that names it. */
function $number(type, value, what) {
  const wrong = (kind) => { throw new kind(`${what}: expects a number of type ${type.name}, got ${$shown(value)}`); };
  if (type === $bool && typeof value === "boolean") return value ? 1 : 0;
  if (type.real) return typeof value === "number" ? value : wrong(TypeError);
  if (typeof value !== "bigint" && !(typeof value === "number" && Number.isInteger(value))) wrong(TypeError);
  if (value < type.low || value > type.high) wrong(RangeError);
  return type.big ? BigInt(value) : Number(value);
}

function $shown(value) {
  const text = typeof value === "bigint" ? `${value}n` : typeof value === "string" ? JSON.stringify(value) : String(value);
  return value === null || typeof value !== "object" ? text.slice(0, 60) : `${value.constructor?.name ?? "object"} of length ${value.length}`;
}

/** The number of a C function's result: unsigned ones come out as signed. */
function $result(type, value) {
  if (type === $bool) return value !== 0;
  if (type === $uint32) return value >>> 0;
  return type === $uint64 ? BigInt.asUintN(64, value) : value;
}

/** Copies an array to `at`; its sizes. `sizes` has null for an open axis, `most` what each can be at most. */
function $put(type, value, at, sizes, most, what) {
  const shape = $shape(value, sizes, what);
  shape.forEach((size, axis) => {
    const fixed = sizes[axis];
    if (fixed === null ? size > most[axis] : size !== fixed) {
      throw new RangeError(`${what}: expects ${type.name} of shape (${sizes.map((n, i) => n ?? `at most ${most[i]}`).join(", ")}), got (${shape.join(", ")})`);
    }
  });
  const count = shape.reduce((product, size) => product * size, 1);
  const target = new type.array($memory.buffer, at, count);
  if (value instanceof type.array && type !== $bool) target.set(value);
  else $fill(type, value, target, 0, shape, 0, what);
  return shape;
}

/** Sizes of nested arrays, of an array with a property `shape`, or of a flat one with a single open axis. */
function $shape(value, sizes, what) {
  if (value === null || typeof value !== "object" || !(Array.isArray(value) || ArrayBuffer.isView(value))) {
    throw new TypeError(`${what}: expects an array, got ${$shown(value)}`);
  }
  if (Array.isArray(value.shape) && value.shape.length === sizes.length) {
    if (value.shape.reduce((product, size) => product * size, 1) === value.length) return value.shape;
    throw new RangeError(`${what}: has ${value.length} elements, and a property shape of (${value.shape.join(", ")})`);
  }
  if (sizes.length > 1 && Array.isArray(value) && (value.length === 0 || typeof value[0] === "object")) {
    const shape = [];
    for (let part = value; shape.length < sizes.length && (part.length || !shape.length); part = part[0] ?? []) shape.push(part.length);
    return [...shape, ...sizes.slice(shape.length).map((size) => size ?? 0)]; // no rows say nothing of their lengths
  }
  const open = sizes.indexOf(null), known = sizes.reduce((product, size) => product * (size ?? 1), 1);
  if (open !== sizes.lastIndexOf(null)) {
    throw new TypeError(`${what}: has several open sizes: give nested arrays, or an array with a property shape`);
  }
  if (open >= 0 ? value.length % known : value.length !== known) {
    throw new RangeError(`${what}: expects ${open >= 0 ? "a multiple of " : ""}${known} elements, got ${value.length}`);
  }
  return sizes.map((size) => size ?? (known ? value.length / known : 0));
}

function $fill(type, value, target, at, shape, axis, what) {
  if (value?.length === target.length && !(axis < shape.length - 1 && typeof value[0] === "object")) {
    for (let i = 0; i < target.length; i++) target[at + i] = $number(type, value[i], `${what}[${i}]`);
    return;
  }
  const length = value?.length;
  if (length !== shape[axis]) throw new RangeError(`${what}: rows have different lengths`);
  const stride = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  for (let i = 0; i < length; i++) {
    if (axis === shape.length - 1) target[at + i] = $number(type, value[i], `${what}[${i}]`);
    else $fill(type, value[i], target, at + i * stride, shape, axis + 1, `${what}[${i}]`);
  }
}

/** A copy of an array in memory, with a property `shape` where it has several axes. */
function $take(type, at, sizes) {
  const count = sizes.reduce((product, size) => product * size, 1);
  const found = new type.array($memory.buffer, at, count).slice();
  return sizes.length > 1 ? Object.assign(found, { shape: sizes }) : found;
}

function $read(type, at) {
  return $result(type, new type.array($memory.buffer, at, 1)[0]);
}
