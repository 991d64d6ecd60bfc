// Loops, reads and writes that maps and reductions have in common.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "lowering/llvm-cpu/StageLoops.h"

using namespace mlir;

namespace mlxir::cpu {

SmallVector<Value> StageLoops::loop(Value from, Value to, int64_t step, ValueRange carried, Body body) {
  auto loop = scf::ForOp::create(b, from, to, e.constant(step), carried);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next = body(loop.getInductionVar(), loop.getRegionIterArgs());
  b.setInsertionPointToEnd(loop.getBody());
  if (!carried.empty()) // else the builder has made the terminator
    scf::YieldOp::create(b, next);
  return SmallVector<Value>(loop.getResults());
}

SmallVector<Value> StageLoops::branch(Value condition, ValueRange carried, function_ref<SmallVector<Value>()> body) {
  auto branch = scf::IfOp::create(b, TypeRange(carried), condition, /*withElseRegion=*/!carried.empty());
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  SmallVector<Value> next = body();
  if (!carried.empty()) {
    scf::YieldOp::create(b, next);
    b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(b, carried);
  }
  return SmallVector<Value>(branch.getResults());
}

std::optional<int64_t> StageLoops::constantExtent() {
  if (block)
    return exactBlocks ? std::optional<int64_t>(block) : std::nullopt;
  Size s = nest.domain[vectorDim];
  return s.isConstant() ? std::optional<int64_t>(s.value()) : std::nullopt;
}

void StageLoops::alongVector(Point &point, function_ref<void()> body) {
  unsigned w = point.width;
  std::optional<int64_t> extent = constantExtent();
  bool exact = extent && *extent % w == 0;
  Value count = e.sub(vectorEnd, vectorBegin);
  Value full = exact ? vectorEnd : e.add(vectorBegin, e.sub(count, e.rem(count, e.constant(w))));
  if (!extent || *extent >= w)
    loop(vectorBegin, full, w, {}, [&](Value at, ValueRange) -> SmallVector<Value> {
      point.coords[vectorDim] = at;
      body();
      return {};
    });
  if (exact)
    return;
  Value some = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, full, vectorEnd);
  branch(some, {}, [&]() -> SmallVector<Value> {
    point.coords[vectorDim] = full;
    point.mask = e.tailMask(e.sub(vectorEnd, full), w);
    body();
    point.mask = {};
    return {};
  });
}

SmallVector<Lane> StageLoops::reads(const Stage &stage, const Point &point) {
  SmallVector<Lane> lanes;
  for (const Access &access : stage.reads)
    lanes.push_back(e.load(access, point));
  return lanes;
}

void StageLoops::write(const Stage &stage, unsigned result, const Point &point, const Lane &value) {
  for (const Access &access : stage.writes[result]) {
    bool inRegister = access.place == Place::Local && !e.homes[access.number].memory;
    if (inRegister)
      e.homes[access.number].scalar = value.scalar;
    else
      e.store(access, point, value);
  }
}

unsigned StageLoops::width(const Stage &stage) {
  unsigned bits = 8;
  auto see = [&](Type t) {
    if (isa<FloatType>(t) || t.isInteger())
      bits = std::max(bits, t.getIntOrFloatBitWidth());
  };
  for (BlockArgument argument : stage.body()->getArguments())
    see(argument.getType());
  for (Operation &op : stage.body()->without_terminator())
    if (!isa<arith::ConstantOp>(op))
      for (Type t : op.getResultTypes())
        if (isa<FloatType>(t) || (t.isInteger() && t.getIntOrFloatBitWidth() <= 32))
          see(t);
  return e.target.vectorBytes * 8 / bits;
}

} // namespace mlxir::cpu
