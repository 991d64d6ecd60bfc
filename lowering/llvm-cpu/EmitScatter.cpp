// Scatter: the updates in order, one after the other; items share the work along the window's last dim, so that no two
// threads meet and the result does not depend on them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "dialect/kernel/Kernel.h"
#include "lowering/llvm-cpu/Emitter.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace mlxir::cpu {

namespace {

constexpr int64_t kWindowBlock = 64;

class ScatterEmitter {
public:
  ScatterEmitter(Nest &nest, kernel::ScatterOp op, const CpuTarget &target)
      : e(nest, target), b(e.b), nest(nest), op(op) {
    destination = describe(op.getDestination());
    updates = describe(op.getUpdates());
    for (Value index : op.getIndices())
      indices.push_back(describe(index));
    indexRank = updates.dims.size() - destination.dims.size();
    axes.append(op.getAxes().begin(), op.getAxes().end());
    isUnsigned = op.getUnsignedIndices();
    lastIsIndexed = destination.dims.empty() || llvm::is_contained(axes, int64_t(destination.dims.size()) - 1);
  }

  LaunchInfo run() {
    combine.takeBody(op.getCombine()); // it outlives the function that holds the op
    Size window = updates.dims.empty() ? Size::constant(1) : updates.dims.back();
    LaunchInfo info;
    info.grid = lastIsIndexed ? Size::constant(1) : e.ceilDiv(window, kWindowBlock);
    e.emitKernel([&](Value item) {
      begin = lastIsIndexed ? e.constant(0) : e.mul(item, e.constant(kWindowBlock));
      end = lastIsIndexed ? e.size(window) : e.minimum(e.add(begin, e.constant(kWindowBlock)), e.size(window));
      SmallVector<Value> coords;
      overUpdates(coords);
    });
    return info;
  }

private:
  struct Memory {
    Access access; // strides per dim of the tensor
    SmallVector<Size> dims;
  };
  Memory describe(Value value) {
    auto type = cast<RankedTensorType>(value.getType());
    Memory memory;
    memory.dims = tensorSizes(type, *nest.sizes);
    memory.access.element = type.getElementType();
    memory.access.place = Place::Input;
    memory.access.number = cast<BlockArgument>(value).getArgNumber();
    memory.access.offset = Size::constant(0);
    memory.access.strides.assign(memory.dims.size(), Size::constant(1));
    for (int i = int(memory.dims.size()) - 2; i >= 0; --i)
      memory.access.strides[i] = nest.sizes->mul(memory.access.strides[i + 1], memory.dims[i + 1]);
    return memory;
  }

  void loop(Value from, Value to, function_ref<void(Value)> body) {
    auto op = scf::ForOp::create(b, from, to, e.constant(1));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPoint(op.getBody()->getTerminator());
    body(op.getInductionVar());
  }

  /// Loops over the updates' dims but the last, in order.
  void overUpdates(SmallVector<Value> &coords) {
    if (coords.size() == indexRank && starts.empty())
      readStarts(coords);
    if (coords.size() + 1 >= updates.dims.size())
      return window(coords);
    loop(e.constant(0), e.size(updates.dims[coords.size()]), [&](Value iv) {
      coords.push_back(iv);
      overUpdates(coords);
      coords.pop_back();
    });
    if (coords.size() == indexRank)
      starts.clear();
  }

  /// Where the window of these indices starts: wrapped and clamped, as the op states.
  void readStarts(ArrayRef<Value> coords) {
    starts.assign(destination.dims.size(), e.constant(0));
    for (auto [axis, index] : llvm::zip(axes, indices)) {
      Value raw = LLVM::LoadOp::create(b, index.access.element, e.pointer(index.access, coords));
      Value wide = raw;
      if (raw.getType().getIntOrFloatBitWidth() < 64)
        wide = isUnsigned ? Value(arith::ExtUIOp::create(b, b.getI64Type(), raw))
                          : Value(arith::ExtSIOp::create(b, b.getI64Type(), raw));
      Value extent = e.size(destination.dims[axis]), zero = e.constant(0);
      if (!isUnsigned) {
        Value negative = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, wide, zero);
        wide = arith::SelectOp::create(b, negative, e.add(wide, extent), wide);
      }
      Value last = e.sub(extent, e.size(updates.dims[indexRank + axis]));
      starts[axis] = b.createOrFold<arith::MaxSIOp>(e.minimum(wide, last), zero);
    }
  }

  Value destinationPointer(ArrayRef<Value> coords, Value last) {
    SmallVector<Value> at;
    for (unsigned i = 0; i < destination.dims.size(); ++i) {
      Value within = i + 1 == destination.dims.size() ? last : coords[indexRank + i];
      at.push_back(e.add(starts[i], within));
    }
    Access access = destination.access;
    access.place = Place::Output;
    access.number = 0;
    return e.pointer(access, at);
  }

  void window(SmallVector<Value> &coords) {
    if (destination.dims.empty() || updates.dims.empty())
      return update(coords, {}, 1, {});
    if (starts.empty()) // a destination of rank 1: the last dim of the updates is its window
      readStarts(coords);
    unsigned width = e.target.vectorBytes * 8 / destination.access.element.getIntOrFloatBitWidth();
    Value full = e.add(begin, e.mul(e.div(e.sub(end, begin), e.constant(width)), e.constant(width)));
    auto vectors = scf::ForOp::create(b, begin, full, e.constant(width));
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPoint(vectors.getBody()->getTerminator());
      update(coords, vectors.getInductionVar(), width, {});
    }
    loop(full, end, [&](Value iv) { update(coords, iv, 1, {}); });
    if (coords.size() == indexRank)
      starts.clear();
  }

  void update(ArrayRef<Value> coords, Value last, unsigned width, Value mask) {
    SmallVector<Value> at(coords);
    if (last)
      at.push_back(last);
    Value from = e.pointer(updates.access, at), to = destinationPointer(coords, last);
    Type element = destination.access.element;
    auto load = [&](Value pointer) -> Value {
      return width == 1 ? Value(LLVM::LoadOp::create(b, element, pointer)) : e.loadVector(pointer, element, width);
    };
    Value value = combined(load(to), load(from), width);
    if (width == 1)
      LLVM::StoreOp::create(b, value, to);
    else
      e.storeVector(to, value);
  }

  Value combined(Value old, Value update, unsigned width) {
    Block &body = combine.front();
    DenseMap<Value, Value> values{{body.getArgument(0), old}, {body.getArgument(1), update}};
    for (Operation &inner : body.without_terminator()) {
      OperationState state(b.getLoc(), inner.getName());
      for (Value operand : inner.getOperands())
        state.operands.push_back(values.lookup(operand));
      state.addTypes(laneType(inner.getResult(0).getType(), width));
      state.addAttributes(inner.getAttrs());
      if (auto properties = inner.getPropertiesAsAttribute())
        state.propertiesAttr = properties;
      if (auto constant = dyn_cast<arith::ConstantOp>(inner))
        values[inner.getResult(0)] = e.broadcast(arith::ConstantOp::create(b, constant.getValue()), width);
      else
        values[inner.getResult(0)] = b.create(state)->getResult(0);
    }
    return values.lookup(body.getTerminator()->getOperand(0));
  }

  Emitter e;
  ImplicitLocOpBuilder &b;
  Nest &nest;
  kernel::ScatterOp op;
  Region combine;
  Memory destination, updates;
  SmallVector<Memory> indices;
  SmallVector<int64_t> axes;
  SmallVector<Value> starts;
  unsigned indexRank = 0;
  bool isUnsigned = false, lastIsIndexed = false;
  Value begin, end;
};

} // namespace

FailureOr<LaunchInfo> emitScatter(Nest &nest, kernel::ScatterOp op, const CpuTarget &target) {
  return ScatterEmitter(nest, op, target).run();
}

} // namespace mlxir::cpu
