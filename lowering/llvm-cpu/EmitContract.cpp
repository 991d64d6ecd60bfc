// Packed, register-tiled contractions. An item computes one block of the result: for each slice of the contracted dim
// it packs a panel of each operand into private memory, runs the register tile over them, and at the end applies the
// epilogue while the block is still in cache. Maps on the operands are evaluated while packing.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "lowering/llvm-cpu/Emitter.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace mlxir::cpu {

namespace {

/// Which stage of a nest is the contraction, and what its domain dims are.
struct Contraction {
  const Stage *stage = nullptr;
  const Stage *epilogue = nullptr;
  Type accumulator;
  unsigned lhs = 0, rhs = 1;   // read numbers
  SmallVector<unsigned> outer; // batch dims, and all but one of the m and n dims
  SmallVector<unsigned> outerK;
  int m = -1, n = -1, k = -1;
};

/// `acc + ext(a) * ext(b)`, with the product marked as what the reduction takes in.
bool isMultiplyAdd(const Stage &stage) {
  // A third operand may be there to show the loops' extents.
  bool readsTwo = stage.reads.size() >= 2 && llvm::all_of(ArrayRef(stage.reads).drop_front(2),
                                                          [](const Access &read) { return read.place == Place::None; });
  if (!readsTwo || stage.identities.size() != 1 || !stage.identities[0] ||
      !isa<FloatType>(stage.identities[0].getType()))
    return false;
  Block *body = stage.body();
  auto stripExt = [](Value v) {
    auto ext = v.getDefiningOp<arith::ExtFOp>();
    return ext ? ext.getIn() : v;
  };
  for (Operation &op : body->without_terminator()) {
    if (isa<arith::ExtFOp, arith::AddFOp, UnrealizedConversionCastOp>(op))
      continue;
    auto mul = dyn_cast<arith::MulFOp>(op);
    if (!mul || stripExt(mul.getLhs()) != body->getArgument(0) || stripExt(mul.getRhs()) != body->getArgument(1))
      return false;
  }
  auto sum = body->getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
  return sum && body->getOperations().size() <= 6;
}

bool varies(const Nest &nest, const Access &access, unsigned dim) {
  return access.place == Place::Local ? nest.locals[access.number].varies[dim]
                                      : access.strides[dim] != Size::constant(0);
}

bool isUnit(const Nest &nest, const Access &access, unsigned dim) {
  return access.place != Place::Local && access.strides[dim] == Size::constant(1);
}

/// The stage that computes a local operand of the contraction, or null if the operand is in memory.
const Stage *producer(const Nest &nest, const Access &access) {
  if (access.place != Place::Local)
    return nullptr;
  for (const Stage &stage : nest.stages)
    for (auto &writes : stage.writes)
      for (const Access &write : writes)
        if (write.place == Place::Local && write.number == access.number)
          return &stage;
  return nullptr;
}

/// Does neighbouring memory lie along `dim` for most of what the operand reads?
bool contiguousAlong(const Nest &nest, const Access &access, unsigned dim) {
  const Stage *stage = producer(nest, access);
  if (!stage)
    return isUnit(nest, access, dim);
  return llvm::any_of(stage->reads, [&](const Access &read) { return isUnit(nest, read, dim); });
}

std::optional<Contraction> matchContraction(const Nest &nest) {
  Contraction c;
  SmallVector<const Stage *> before, after;
  for (const Stage &stage : nest.stages) {
    if (stage.reduces()) {
      if (c.stage || !isMultiplyAdd(stage))
        return std::nullopt;
      c.stage = &stage;
    } else {
      (c.stage ? after : before).push_back(&stage);
    }
  }
  if (!c.stage || after.size() > 1)
    return std::nullopt;
  if (!after.empty())
    c.epilogue = after[0];
  for (const Stage *stage : before) // an operand's map feeds the contraction and nothing else
    if (stage->writes.size() != 1 || stage->writes[0].size() != 1 || stage->writes[0][0].place != Place::Local)
      return std::nullopt;
  c.accumulator = c.stage->identities[0].getType();
  SmallVector<unsigned> ms, ns, ks;
  const Access &a = c.stage->reads[0], &bb = c.stage->reads[1];
  for (unsigned i = 0; i < nest.rank(); ++i) {
    bool inA = varies(nest, a, i), inB = varies(nest, bb, i);
    bool isUnit = nest.domain[i] == Size::constant(1); // a vector is no matrix of one row: nothing would be reused
    if (isUnit || (!nest.reduced[i] && inA == inB))
      c.outer.push_back(i);
    else if (nest.reduced[i])
      ks.push_back(i);
    else
      (inA ? ms : ns).push_back(i);
  }
  if (ms.empty() || ns.empty() || ks.empty())
    return std::nullopt;
  // Vectors run along the dim that is contiguous in the first place the result is written to.
  const Stage *last = c.epilogue ? c.epilogue : c.stage;
  for (auto &writes : last->writes)
    for (const Access &write : writes)
      if (write.place == Place::Output && c.n < 0) {
        for (unsigned i : ms)
          if (isUnit(nest, write, i)) {
            std::swap(ms, ns);
            std::swap(c.lhs, c.rhs);
            break;
          }
        c.n = ns.back();
      }
  if (c.n < 0)
    return std::nullopt;
  c.m = ms.back();
  c.k = ks.back();
  for (unsigned i : ms)
    if (int(i) != c.m)
      c.outer.push_back(i);
  for (unsigned i : ns)
    if (int(i) != c.n)
      c.outer.push_back(i);
  ks.pop_back();
  c.outerK = ks;
  llvm::sort(c.outer);
  return c;
}

class ContractEmitter {
public:
  ContractEmitter(Nest &nest, const Contraction &c, const CpuTarget &target)
      : e(nest, target), b(e.b), nest(nest), c(c) {
    width = target.vectorBytes * 8 / c.accumulator.getIntOrFloatBitWidth();
    rowTile = target.vectorRegisters >= 32 ? 8 : 4;
    columnTile = 2 * width;
    chooseBlocks();
  }

  LaunchInfo run() {
    unsigned bytes = c.accumulator.getIntOrFloatBitWidth() / 8;
    auto reserve = [&](int64_t elements) { return e.reserveScratch(Size::constant(elements * bytes)); };
    Size accumulators = reserve(blockM * blockN), lhsPanel = reserve(blockM * blockK),
         rhsPanel = reserve(blockN * blockK);
    SmallVector<Size> extents;
    for (unsigned dim : c.outer)
      extents.push_back(nest.domain[dim]);
    extents.push_back(e.ceilDiv(nest.domain[c.m], blockM));
    extents.push_back(e.ceilDiv(nest.domain[c.n], blockN));
    e.emitKernel([&](Value item) {
      blockC = e.scratchPointer(accumulators);
      panelA = e.scratchPointer(lhsPanel);
      panelB = e.scratchPointer(rhsPanel);
      emitItem(e.delinearize(item, extents));
    });
    LaunchInfo info;
    info.grid = nest.sizes->product(extents.begin(), extents.end());
    info.scratch = e.scratchBytes();
    return info;
  }

private:
  //===- Blocking -----------------------------------------------------------===//

  static int64_t roundUp(int64_t x, int64_t to) { return (x + to - 1) / to * to; }

  /// The three private blocks fill about two thirds of a 1 MiB second-level cache; small results are cut
  /// finer so that there are a few items for every core.
  void chooseBlocks() {
    // What a size was when the kernel was first seen says little of a symbol: it gets room for more.
    auto expected = [&](unsigned dim) {
      return std::max<int64_t>(nest.typical(dim), nest.domain[dim].isConstant() ? 1 : 256);
    };
    int64_t m = expected(c.m), n = expected(c.n), k = expected(c.k), outer = 1;
    for (unsigned dim : c.outer)
      outer *= nest.typical(dim);
    blockM = std::min<int64_t>(192, roundUp(m, rowTile));
    blockN = std::min<int64_t>(256, roundUp(n, columnTile));
    blockK = std::min<int64_t>(256, roundUp(k, width));
    auto items = [&] { return outer * ((m + blockM - 1) / blockM) * ((n + blockN - 1) / blockN); };
    while (items() < 8 && (blockM > 4 * rowTile || blockN > 2 * columnTile)) {
      if (blockM >= blockN || blockN <= 2 * columnTile)
        blockM = roundUp(blockM / 2, rowTile);
      else
        blockN = roundUp(blockN / 2, columnTile);
    }
    // Equal blocks waste less than a short last one.
    blockM = roundUp((m + (m + blockM - 1) / blockM - 1) / ((m + blockM - 1) / blockM), rowTile);
    blockN = roundUp((n + (n + blockN - 1) / blockN - 1) / ((n + blockN - 1) / blockN), columnTile);
  }

  Value loop(Value from, Value to, int64_t step, function_ref<void(Value)> body) {
    auto op = scf::ForOp::create(b, from, to, e.constant(step));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPoint(op.getBody()->getTerminator());
    body(op.getInductionVar());
    return {};
  }

  void emitItem(ArrayRef<Value> outer) {
    coords.assign(nest.rank(), Value());
    for (auto [i, dim] : llvm::enumerate(c.outer))
      coords[dim] = outer[i];
    beginM = e.mul(outer[c.outer.size()], e.constant(blockM));
    beginN = e.mul(outer[c.outer.size() + 1], e.constant(blockN));
    rows = e.minimum(e.constant(blockM), e.sub(e.size(nest.domain[c.m]), beginM));
    columns = e.minimum(e.constant(blockN), e.sub(e.size(nest.domain[c.n]), beginN));
    tiledRows = roundUp(rows, rowTile, nest.domain[c.m], blockM);
    tiledColumns = roundUp(columns, columnTile, nest.domain[c.n], blockN);
    Size k = nest.domain[c.k];
    singleSlice = c.outerK.empty() && k.isConstant() && k.value() <= blockK;
    if (!singleSlice)
      clearBlock();
    overOuterK(0);
    emitEpilogue();
  }

  /// `count` rounded up to whole tiles; a constant where every block is full.
  Value roundUp(Value count, int64_t tile, Size extent, int64_t block) {
    if (extent.isConstant() && extent.value() % block == 0)
      return e.constant(roundUp(block, tile));
    return e.mul(e.div(e.add(count, e.constant(tile - 1)), e.constant(tile)), e.constant(tile));
  }

  void clearBlock() {
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(vectorType()));
    loop(e.constant(0), e.mul(tiledRows, e.constant(blockN)), width,
         [&](Value i) { e.storeVector(e.elementPointer(blockC, c.accumulator, i), zero); });
  }

  void overOuterK(unsigned i) {
    if (i < c.outerK.size()) {
      loop(e.constant(0), e.size(nest.domain[c.outerK[i]]), 1, [&](Value iv) {
        coords[c.outerK[i]] = iv;
        overOuterK(i + 1);
      });
      return;
    }
    Size k = nest.domain[c.k];
    if (singleSlice)
      return emitSlice(e.constant(0), e.size(k));
    loop(e.constant(0), e.size(k), blockK,
         [&](Value begin) { emitSlice(begin, e.minimum(e.constant(blockK), e.sub(e.size(k), begin))); });
  }

  void emitSlice(Value beginK, Value depth) {
    pack(c.rhs, c.n, beginN, columns, tiledColumns, columnTile, panelB, beginK, depth);
    pack(c.lhs, c.m, beginM, rows, tiledRows, rowTile, panelA, beginK, depth);
    loop(e.constant(0), tiledColumns, columnTile,
         [&](Value j) { loop(e.constant(0), tiledRows, rowTile, [&](Value i) { tile(i, j, depth); }); });
  }

  //===- The register tile --------------------------------------------------===//

  VectorType vectorType() { return VectorType::get({int64_t(width)}, c.accumulator); }

  Value blockAddress(Value i, unsigned row, Value j, unsigned column) {
    Value index = e.add(e.mul(e.add(i, e.constant(row)), e.constant(blockN)), e.add(j, e.constant(column)));
    return e.elementPointer(blockC, c.accumulator, index);
  }

  void tile(Value i, Value j, Value depth) {
    SmallVector<Value> init;
    for (unsigned r = 0; r < rowTile; ++r)
      for (unsigned v = 0; v < 2; ++v)
        init.push_back(singleSlice ? Value(arith::ConstantOp::create(b, b.getZeroAttr(vectorType())))
                                   : e.loadVector(blockAddress(i, r, j, v * width), c.accumulator, width));
    // Panels are [tile][depth][lane] with blockK steps of depth reserved per tile.
    Value a = e.elementPointer(panelA, c.accumulator, e.mul(i, e.constant(blockK)));
    Value bp = e.elementPointer(panelB, c.accumulator, e.mul(j, e.constant(blockK)));
    auto steps = scf::ForOp::create(b, e.constant(0), depth, e.constant(1), init);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(steps.getBody());
      Value k = steps.getInductionVar();
      Value aRow = e.elementPointer(a, c.accumulator, e.mul(k, e.constant(rowTile)));
      Value bRow = e.elementPointer(bp, c.accumulator, e.mul(k, e.constant(columnTile)));
      Value b0 = e.loadVector(bRow, c.accumulator, width);
      Value b1 = e.loadVector(e.elementPointer(bRow, c.accumulator, e.constant(width)), c.accumulator, width);
      SmallVector<Value> next;
      for (unsigned r = 0; r < rowTile; ++r) {
        Value scalar = LLVM::LoadOp::create(b, c.accumulator, e.elementPointer(aRow, c.accumulator, e.constant(r)));
        Value x = e.broadcast(scalar, width);
        next.push_back(LLVM::FMAOp::create(b, x, b0, steps.getRegionIterArgs()[2 * r]));
        next.push_back(LLVM::FMAOp::create(b, x, b1, steps.getRegionIterArgs()[2 * r + 1]));
      }
      scf::YieldOp::create(b, next);
    }
    for (unsigned r = 0; r < rowTile; ++r)
      for (unsigned v = 0; v < 2; ++v)
        e.storeVector(blockAddress(i, r, j, v * width), steps.getResult(2 * r + v));
  }

  //===- Packing ------------------------------------------------------------===//

  /// An operand's element or vector of elements, in the accumulator's type.
  Value operand(unsigned read, const Point &point) {
    const Access &access = c.stage->reads[read];
    Lane lane;
    if (const Stage *stage = producer(nest, access)) {
      SmallVector<Lane> reads;
      for (const Access &input : stage->reads)
        reads.push_back(e.load(input, point));
      lane = e.body(*stage, point, reads, {})[0];
    } else {
      lane = e.load(access, point);
    }
    Value value = e.asVector(lane, point.width);
    Type type = laneType(c.accumulator, point.width);
    return value.getType() == type ? value : b.createOrFold<arith::ExtFOp>(type, value);
  }

  /// Copies the slice [beginK, beginK + depth) of an operand's block into tiles of `tileWidth` rows or columns.
  /// `dim` is the operand's own dim (m or n). Places beyond the block hold values that are computed with and dropped.
  void pack(unsigned read, int dim, Value begin, Value count, Value tiledCount, int64_t tileWidth, Value panel,
            Value beginK, Value depth) {
    bool alongK = !contiguousAlong(nest, c.stage->reads[read], dim) && contiguousAlong(nest, c.stage->reads[read], c.k);
    loop(e.constant(0), tiledCount, tileWidth, [&](Value t) {
      Value out = e.elementPointer(panel, c.accumulator, e.mul(t, e.constant(blockK)));
      if (alongK)
        packTransposed(read, dim, begin, count, t, tileWidth, out, beginK, depth);
      else
        packStraight(read, dim, begin, count, t, tileWidth, out, beginK, depth);
    });
  }

  /// Neighbours along the operand's own dim are neighbours in memory: a row of the tile is a few vectors.
  void packStraight(unsigned read, int dim, Value begin, Value count, Value t, int64_t tileWidth, Value out,
                    Value beginK, Value depth) {
    unsigned w = std::min<int64_t>(width, tileWidth);
    bool exact = nest.domain[dim].isConstant() && nest.domain[dim].value() % tileWidth == 0;
    loop(e.constant(0), depth, 1, [&](Value k) {
      for (int64_t v = 0; v < tileWidth; v += w) {
        Point point = pointAt(dim, w);
        Value local = e.add(t, e.constant(v));
        point.coords[dim] = e.add(begin, local);
        point.coords[c.k] = e.add(beginK, k);
        if (!exact)
          point.mask = e.tailMask(arith::MaxSIOp::create(b, e.sub(count, local), e.constant(0)), w);
        Value index = e.add(e.mul(k, e.constant(tileWidth)), e.constant(v));
        e.storeVector(e.elementPointer(out, c.accumulator, index), operand(read, point));
      }
    });
  }

  Point pointAt(int vectorDim, unsigned w) {
    Point point;
    point.coords = coords;
    point.vectorDim = vectorDim;
    point.width = w;
    return point;
  }

  /// Neighbours along k are neighbours in memory: `rowTile` vectors along k are read and interleaved.
  void packTransposed(unsigned read, int dim, Value begin, Value count, Value t, int64_t tileWidth, Value out,
                      Value beginK, Value depth) {
    auto block = [&](Value k, Value mask) {
      for (int64_t group = 0; group < tileWidth; group += rowTile) {
        SmallVector<Value> rowsOfK;
        for (int64_t r = 0; r < int64_t(rowTile); ++r) {
          Point point = pointAt(c.k, width);
          Value local = e.minimum(e.add(t, e.constant(group + r)), e.sub(count, e.constant(1)));
          point.coords[dim] = e.add(begin, local);
          point.coords[c.k] = e.add(beginK, k);
          point.mask = mask;
          rowsOfK.push_back(operand(read, point));
        }
        storeInterleaved(rowsOfK, out, k, tileWidth, group);
      }
    };
    Value full = e.sub(depth, e.rem(depth, e.constant(width)));
    loop(e.constant(0), full, width, [&](Value k) { block(k, {}); });
    if (nest.domain[c.k].isConstant() && nest.domain[c.k].value() % width == 0)
      return;
    Value rest = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, full, depth);
    auto branch = scf::IfOp::create(b, rest, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&branch.getThenRegion().front());
    block(full, e.tailMask(e.sub(depth, full), width));
  }

  /// rows[r][k] becomes out[k][r].
  void storeInterleaved(SmallVector<Value> vectors, Value out, Value k, int64_t tileWidth, int64_t group) {
    unsigned n = vectors.size();
    vectors = e.interleave(vectors);
    // The stream is now [k][row] with n rows; cut it into pieces of n elements, one per k.
    for (unsigned kk = 0; kk < width; ++kk) {
      SmallVector<int64_t> lanes;
      for (unsigned r = 0; r < n; ++r)
        lanes.push_back((kk * n + r) % width);
      Value from = vectors[kk * n / width];
      Value piece = n == width ? from : Value(vector::ShuffleOp::create(b, from, from, lanes));
      Value index = e.add(e.mul(e.add(k, e.constant(kk)), e.constant(tileWidth)), e.constant(group));
      e.storeVector(e.elementPointer(out, c.accumulator, index), piece);
    }
  }

  //===- Epilogue -----------------------------------------------------------===//

  void emitEpilogue() {
    e.homes.resize(nest.locals.size());
    for (auto &home : e.homes) {
      home.strides.assign(nest.rank(), Value());
      home.origins.assign(nest.rank(), e.constant(0));
      home.origins[c.m] = beginM;
      home.origins[c.n] = beginN;
      home.strides[c.m] = e.constant(blockN);
      home.strides[c.n] = e.constant(1);
      home.memory = blockC;
    }
    Value endN = e.add(beginN, columns);
    Value full = e.sub(endN, e.rem(columns, e.constant(width)));
    bool exact = nest.domain[c.n].isConstant() && nest.domain[c.n].value() % blockN == 0 && blockN % width == 0;
    loop(beginM, e.add(beginM, rows), 1, [&](Value row) {
      Point point = pointAt(c.n, width);
      point.coords[c.m] = row;
      loop(beginN, exact ? endN : full, width, [&](Value column) { finish(point, column); });
      if (exact)
        return;
      Value rest = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, full, endN);
      auto branch = scf::IfOp::create(b, rest, /*withElseRegion=*/false);
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(&branch.getThenRegion().front());
      point.mask = e.tailMask(e.sub(endN, full), width);
      finish(point, full);
    });
  }

  void finish(Point point, Value column) {
    point.coords[c.n] = column;
    for (const Access &write : c.stage->writes[0])
      if (write.place == Place::Output)
        e.store(write, point, {{}, blockVector(point)});
    if (!c.epilogue)
      return;
    SmallVector<Lane> reads;
    for (const Access &read : c.epilogue->reads)
      reads.push_back(e.load(read, point));
    for (auto [i, value] : llvm::enumerate(e.body(*c.epilogue, point, reads, {})))
      for (const Access &write : c.epilogue->writes[i])
        e.store(write, point, value);
  }

  Value blockVector(const Point &point) {
    Value index = e.add(e.mul(e.sub(point.coords[c.m], beginM), e.constant(blockN)), e.sub(point.coords[c.n], beginN));
    return e.loadVector(e.elementPointer(blockC, c.accumulator, index), c.accumulator, width);
  }

  Emitter e;
  ImplicitLocOpBuilder &b;
  Nest &nest;
  const Contraction &c;
  unsigned width, rowTile, columnTile;
  int64_t blockM, blockN, blockK;
  bool singleSlice = false;
  SmallVector<Value> coords;
  Value beginM, beginN, rows, columns, tiledRows, tiledColumns, blockC, panelA, panelB;
};

} // namespace

bool isPackedContraction(const Nest &nest) { return matchContraction(nest).has_value(); }

FailureOr<LaunchInfo> emitContraction(Nest &nest, const CpuTarget &target) {
  std::optional<Contraction> match = matchContraction(nest);
  return ContractEmitter(nest, *match, target).run();
}

} // namespace mlxir::cpu
