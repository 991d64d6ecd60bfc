// Kernel prologue, integer arithmetic on sizes, and memory access of generated CPU code.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "lowering/llvm-cpu/Emitter.h"

#include "dialect/AttributeNames.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace mlxir::cpu {

Type registerType(Type t) { return isa<IndexType>(t) ? IntegerType::get(t.getContext(), 64) : t; }

Type laneType(Type t, unsigned width) {
  t = registerType(t);
  return width == 1 ? t : VectorType::get({int64_t(width)}, t);
}

Emitter::Emitter(Nest &nest, const CpuTarget &target)
    : b(nest.func.getLoc(), nest.func.getContext()), nest(nest), target(target) {}

void Emitter::emitKernel(function_ref<void(Value)> body) {
  func::FuncOp old = nest.func;
  Type ptr = LLVM::LLVMPointerType::get(b.getContext()), i64 = b.getI64Type();
  b.setInsertionPoint(old);
  auto kernel = func::FuncOp::create(b, old.getName(), b.getFunctionType({ptr, i64, i64, ptr}, {}));
  Block *entry = kernel.addEntryBlock();
  b.setInsertionPointToStart(entry);
  scratch = entry->getArgument(3);
  unsigned word = 0;
  auto loadWord = [&](Type type) -> Value {
    Value slot = LLVM::GEPOp::create(b, ptr, i64, entry->getArgument(0), ArrayRef<LLVM::GEPArg>{int32_t(word++)});
    return LLVM::LoadOp::create(b, type, slot);
  };
  for (BlockArgument argument : old.getArguments()) {
    bool tensor = isa<RankedTensorType>(argument.getType());
    arguments.push_back(loadWord(tensor ? ptr : registerType(argument.getType())));
    if (auto symbol = old.getArgAttrOfType<IntegerAttr>(argument.getArgNumber(), kSymbolAttr))
      sizeValues[nest.sizes->symbol(symbol.getInt()).bits] = arguments.back();
  }
  for (unsigned i = 0; i < old.getNumResults(); ++i)
    results.push_back(loadWord(ptr));
  prologueEnd = func::ReturnOp::create(b);
  b.setInsertionPoint(prologueEnd);
  auto items = scf::ForOp::create(b, entry->getArgument(1), entry->getArgument(2), constant(1));
  prologueEnd = items; // sizes that bodies ask for are computed before the loop over items
  b.setInsertionPoint(items.getBody()->getTerminator());
  body(items.getInductionVar());
  nest.func = kernel;
  old.erase();
}

//===- Integers ----------------------------------------------------------===//

Value Emitter::constant(int64_t value) { return arith::ConstantIntOp::create(b, value, 64); }
Value Emitter::add(Value x, Value y) { return b.createOrFold<arith::AddIOp>(x, y); }
Value Emitter::sub(Value x, Value y) { return b.createOrFold<arith::SubIOp>(x, y); }
Value Emitter::mul(Value x, Value y) { return b.createOrFold<arith::MulIOp>(x, y); }
Value Emitter::div(Value x, Value y) { return b.createOrFold<arith::DivUIOp>(x, y); }
Value Emitter::rem(Value x, Value y) { return b.createOrFold<arith::RemUIOp>(x, y); }
Value Emitter::minimum(Value x, Value y) { return b.createOrFold<arith::MinSIOp>(x, y); }

Size Emitter::ceilDiv(Size a, int64_t d) {
  return nest.sizes->floorDiv(nest.sizes->add(a, Size::constant(d - 1)), Size::constant(d));
}

Value Emitter::size(Size s) {
  if (s.isConstant())
    return constant(s.value());
  if (Value known = sizeValues.lookup(s.bits))
    return known;
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPoint(prologueEnd);
  SizeNode node = nest.sizes->nodes()[s.id()];
  Value x = size(node.a), y = size(node.b), value;
  switch (node.kind) {
  case SizeKind::Symbol:
    llvm_unreachable("a kernel's symbols are its arguments");
  case SizeKind::Add:
    value = add(x, y);
    break;
  case SizeKind::Mul:
    value = mul(x, y);
    break;
  case SizeKind::FloorDiv:
    value = b.createOrFold<arith::FloorDivSIOp>(x, y);
    break;
  case SizeKind::Mod:
    value = b.createOrFold<arith::RemSIOp>(x, y);
    break;
  case SizeKind::Min:
    value = minimum(x, y);
    break;
  case SizeKind::Max:
    value = b.createOrFold<arith::MaxSIOp>(x, y);
    break;
  }
  return sizeValues[s.bits] = value;
}

SmallVector<Value> Emitter::delinearize(Value linear, ArrayRef<Size> extents) {
  SmallVector<Value> coords(extents.size());
  for (int i = int(extents.size()) - 1; i >= 0; --i) {
    if (extents[i] == Size::constant(1)) {
      coords[i] = constant(0);
      continue;
    }
    // The first coordinate needs no division by its own extent.
    bool last = llvm::all_of(extents.take_front(i), [](Size s) { return s == Size::constant(1); });
    coords[i] = last ? linear : rem(linear, size(extents[i]));
    if (!last)
      linear = div(linear, size(extents[i]));
  }
  return coords;
}

Size Emitter::reserveScratch(Size bytes) {
  Size start = scratchEnd;
  scratchEnd = nest.sizes->add(scratchEnd, nest.sizes->mul(ceilDiv(bytes, 64), Size::constant(64)));
  return start;
}

Value Emitter::scratchPointer(Size offset) { return elementPointer(scratch, b.getI8Type(), size(offset)); }

//===- Memory ------------------------------------------------------------===//

/// In memory a truth value is a byte, also in the private memory of accumulators: vectors of bits would be packed.
static Type stored(Type element) { return element.isInteger(1) ? IntegerType::get(element.getContext(), 8) : element; }

unsigned storedBytes(Type element) { return stored(element).getIntOrFloatBitWidth() / 8; }

Value Emitter::elementPointer(Value base, Type element, Value index) {
  Type ptr = LLVM::LLVMPointerType::get(b.getContext());
  return LLVM::GEPOp::create(b, ptr, stored(element), base, ArrayRef<LLVM::GEPArg>{index});
}

Value Emitter::loadScalar(Value pointer, Type element) {
  Value value = LLVM::LoadOp::create(b, stored(element), pointer);
  return element.isInteger(1) ? Value(arith::TruncIOp::create(b, element, value)) : value;
}

void Emitter::storeScalar(Value pointer, Value value) {
  if (value.getType().isInteger(1))
    value = arith::ExtUIOp::create(b, b.getI8Type(), value);
  LLVM::StoreOp::create(b, value, pointer);
}

/// Address of an access to memory outside the work item.
Value Emitter::pointer(const Access &access, ArrayRef<Value> coords) {
  Value index = size(access.offset);
  for (auto [stride, coord] : llvm::zip(access.strides, coords))
    if (stride != Size::constant(0))
      index = add(index, mul(coord, size(stride)));
  Value base = access.place == Place::Input ? arguments[access.number] : results[access.number];
  return elementPointer(base, access.element, index);
}

/// Address in a local's private memory, and whether neighbouring lanes are neighbours there.
void Emitter::localAddress(const Access &access, const Point &point, Value &pointer, bool &alongVector) {
  const LocalHome &home = homes[access.number];
  Value index = constant(0);
  for (unsigned i = 0; i < nest.rank(); ++i)
    if (home.strides[i])
      index = add(index, mul(sub(point.coords[i], home.origins[i]), home.strides[i]));
  pointer = elementPointer(home.memory, access.element, index);
  alongVector = point.vectorDim >= 0 && home.strides[point.vectorDim];
}

Value Emitter::loadVector(Value pointer, Type element, unsigned width, Value mask) {
  VectorType type = VectorType::get({int64_t(width)}, stored(element));
  unsigned align = storedBytes(element);
  Value value;
  if (mask) {
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type));
    value = LLVM::MaskedLoadOp::create(b, type, pointer, mask, zero, align);
  } else {
    value = LLVM::LoadOp::create(b, type, pointer, align);
  }
  return element.isInteger(1) ? Value(arith::TruncIOp::create(b, laneType(element, width), value)) : value;
}

void Emitter::storeVector(Value pointer, Value value, Value mask) {
  Type element = getElementTypeOrSelf(value.getType());
  unsigned align = storedBytes(element);
  if (element.isInteger(1))
    value = arith::ExtUIOp::create(b, cast<VectorType>(value.getType()).clone(b.getI8Type()), value);
  if (mask)
    LLVM::MaskedStoreOp::create(b, value, pointer, mask, align);
  else
    LLVM::StoreOp::create(b, value, pointer, align);
}

Value Emitter::gather(Value base, Type element, Value indices, const Point &point) {
  Type ptrs = VectorType::get({int64_t(point.width)}, LLVM::LLVMPointerType::get(b.getContext()));
  Value pointers = LLVM::GEPOp::create(b, ptrs, element, base, ArrayRef<LLVM::GEPArg>{indices});
  Value mask = point.mask;
  Type type = laneType(element, point.width);
  if (!mask)
    mask = arith::ConstantOp::create(
        b, DenseElementsAttr::get(VectorType::get({int64_t(point.width)}, b.getI1Type()), true));
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type));
  return LLVM::masked_gather::create(b, type, pointers, mask, zero, element.getIntOrFloatBitWidth() / 8);
}

Lane Emitter::load(const Access &access, const Point &point) {
  bool vectorized = point.vectorDim >= 0;
  if (access.place == Place::None)
    return {arith::ConstantOp::create(b, b.getZeroAttr(access.element))};
  if (access.place == Place::Local) {
    if (homes[access.number].scalar)
      return {homes[access.number].scalar};
    Value address;
    bool alongVector;
    localAddress(access, point, address, alongVector);
    if (alongVector)
      return {{}, loadVector(address, access.element, point.width, point.mask)};
    return {loadScalar(address, access.element)};
  }
  Value address = pointer(access, point.coords);
  Size step = vectorized ? access.strides[point.vectorDim] : Size::constant(0);
  if (step == Size::constant(0))
    return {LLVM::LoadOp::create(b, access.element, address)};
  if (step == Size::constant(1))
    return {{}, loadVector(address, access.element, point.width, point.mask)};
  Value lanes = laneNumbers(b.getI64Type(), point.width);
  Value indices = b.createOrFold<arith::MulIOp>(lanes, broadcast(size(step), point.width));
  return {{}, gather(address, access.element, indices, point)};
}

void Emitter::store(const Access &access, const Point &point, const Lane &value) {
  Value address;
  bool contiguous = false, strided = false;
  if (access.place == Place::Local) {
    localAddress(access, point, address, contiguous);
  } else {
    address = pointer(access, point.coords);
    Size step = point.vectorDim >= 0 ? access.strides[point.vectorDim] : Size::constant(0);
    contiguous = step == Size::constant(1);
    strided = !contiguous && step != Size::constant(0);
  }
  if (contiguous)
    return storeVector(address, asVector(value, point.width), point.mask);
  if (!strided) { // of lanes there is one: the vector dim has extent 1 and no stride
    storeScalar(address, value.vector ? Value(vector::ExtractOp::create(b, value.vector, int64_t(0))) : value.scalar);
    return;
  }
  Value lanes = laneNumbers(b.getI64Type(), point.width);
  Value indices = b.createOrFold<arith::MulIOp>(lanes, broadcast(size(access.strides[point.vectorDim]), point.width));
  Type ptrs = VectorType::get({int64_t(point.width)}, LLVM::LLVMPointerType::get(b.getContext()));
  Value pointers = LLVM::GEPOp::create(b, ptrs, access.element, address, ArrayRef<LLVM::GEPArg>{indices});
  Value mask = point.mask;
  if (!mask)
    mask = arith::ConstantOp::create(
        b, DenseElementsAttr::get(VectorType::get({int64_t(point.width)}, b.getI1Type()), true));
  LLVM::masked_scatter::create(b, asVector(value, point.width), pointers, mask,
                               access.element.getIntOrFloatBitWidth() / 8);
}

//===- Lanes -------------------------------------------------------------===//

Value Emitter::broadcast(Value scalar, unsigned width) {
  if (width == 1)
    return scalar;
  return b.createOrFold<vector::BroadcastOp>(laneType(scalar.getType(), width), scalar);
}

Value Emitter::laneNumbers(Type element, unsigned width) {
  SmallVector<Attribute> numbers;
  for (unsigned i = 0; i < width; ++i)
    numbers.push_back(b.getIntegerAttr(element, i));
  return arith::ConstantOp::create(b, DenseElementsAttr::get(VectorType::get({int64_t(width)}, element), numbers));
}

Value Emitter::asVector(const Lane &lane, unsigned width) {
  if (lane.vector)
    return lane.vector;
  Value base = broadcast(lane.scalar, width);
  if (lane.step == 0)
    return base;
  Type element = lane.scalar.getType();
  Value numbers = laneNumbers(element, width);
  if (lane.step != 1)
    numbers = b.createOrFold<arith::MulIOp>(
        numbers, broadcast(arith::ConstantOp::create(b, b.getIntegerAttr(element, lane.step)), width));
  return arith::AddIOp::create(b, base, numbers);
}

Value Emitter::tailMask(Value remaining, unsigned width) {
  // 32-bit compares cover any width, and are what the hardware has most lanes for.
  Value narrow = arith::TruncIOp::create(b, b.getI32Type(), minimum(remaining, constant(width)));
  return arith::CmpIOp::create(b, arith::CmpIPredicate::slt, laneNumbers(b.getI32Type(), width),
                               broadcast(narrow, width));
}

SmallVector<Value> Emitter::interleave(ArrayRef<Value> rows) {
  unsigned n = rows.size(), width = cast<VectorType>(rows[0].getType()).getNumElements();
  SmallVector<int64_t> low, high;
  for (unsigned i = 0; i < width / 2; ++i) {
    low.append({int64_t(i), int64_t(i + width)});
    high.append({int64_t(i + width / 2), int64_t(i + width / 2 + width)});
  }
  // Each round, `vectors` holds streams of `span` vectors each; stream s is merged with stream s + half.
  SmallVector<Value> vectors(rows);
  for (unsigned streams = n; streams > 1; streams /= 2) {
    unsigned span = n / streams, half = streams / 2;
    SmallVector<Value> next(n);
    for (unsigned s = 0; s < half; ++s)
      for (unsigned v = 0; v < span; ++v) {
        Value x = vectors[s * span + v], y = vectors[(s + half) * span + v];
        next[s * 2 * span + 2 * v] = vector::ShuffleOp::create(b, x, y, low);
        next[s * 2 * span + 2 * v + 1] = vector::ShuffleOp::create(b, x, y, high);
      }
    vectors = std::move(next);
  }
  return vectors;
}

} // namespace mlxir::cpu
