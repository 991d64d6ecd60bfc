// Loops for maps and reductions: a grid over outer dims, the stages one after the other inside a work item, vectors
// along the innermost dim. What one item computes never depends on which thread runs it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "lowering/llvm-cpu/StageLoops.h"

using namespace mlir;

namespace mlxir::cpu {

namespace {

/// Elements along the vector dim that one item takes when that dim is cut: long enough to pay for the item, short
/// enough for the caches.
constexpr int64_t kBlock = 4096;
/// Edge of the square tile by which a map goes over two dims when some operand is contiguous along the other one.
constexpr int64_t kTile = 64;
/// Extents below which gathering is no slower than tiles would be.
constexpr int64_t kShortest = 8;
/// Lanes of the square blocks that are transposed in registers.
constexpr unsigned kMaxTransposed = 16;
/// Work below which another thread does not pay, in elements touched.
constexpr int64_t kGrainElements = 16384;

class NestEmitter : StageLoops {
public:
  using StageLoops::StageLoops;

  LaunchInfo run() {
    split();
    LaunchInfo info;
    e.emitKernel([&](Value item) { emitItem(item); });
    info.grid = nest.sizes->product(gridExtents.begin(), gridExtents.end());
    info.scratch = e.scratchBytes();
    int64_t work = 1;
    for (unsigned i = 0; i < nest.rank(); ++i)
      if (inside[i])
        work *= int(i) == tiledDim             ? std::min(kTile, nest.typical(i))
                : int(i) == vectorDim && block ? std::min(block, nest.typical(i))
                                               : nest.typical(i);
    work = std::max<int64_t>(1, work * int64_t(nest.stages.size()));
    info.grain = Size::constant(std::max<int64_t>(1, kGrainElements / work));
    return info;
  }

private:
  //===- Which dims are the grid's, which the item's ----------------------===//

  void split() {
    unsigned rank = nest.rank();
    inside.assign(rank, false);
    vectorDim = int(rank) - 1;
    if (rank == 0)
      return;
    bool anyReduced = llvm::is_contained(nest.reduced, true);
    for (unsigned i = 0; i < rank; ++i)
      inside[i] = nest.reduced[i] || int(i) == vectorDim;
    if (!anyReduced)
      tiledDim = findTiledDim();
    if (anyReduced && !nest.reduced[vectorDim])
      block = columnBlock();
    else if (tiledDim >= 0) {
      inside[tiledDim] = true;
      block = kTile;
    } else if (!anyReduced)
      growMapItem();
    for (unsigned i = 0; i < rank; ++i)
      if (!inside[i])
        gridExtents.push_back(nest.domain[i]);
    if (tiledDim >= 0)
      gridExtents.push_back(e.ceilDiv(nest.domain[tiledDim], kTile));
    if (block)
      gridExtents.push_back(e.ceilDiv(nest.domain[vectorDim], block));
  }

  /// A map's item takes as many inner dims as give it enough work, or a block of the last.
  void growMapItem() {
    int64_t elements = nest.typical(vectorDim);
    if (elements > kBlock || !nest.domain[vectorDim].isConstant()) {
      block = kBlock;
      return;
    }
    for (int i = vectorDim - 1; i >= 0 && elements * nest.typical(i) <= kBlock && nest.domain[i].isConstant(); --i) {
      elements *= nest.typical(i);
      inside[i] = true;
    }
  }

  /// Is the operand contiguous along `dim`, which is not the one that vectors run along?
  bool isTransposed(const Access &access, unsigned dim) {
    return access.place == Place::Input && int(dim) != vectorDim && access.strides[dim] == Size::constant(1) &&
           access.strides[vectorDim] != Size::constant(0) && access.strides[vectorDim] != Size::constant(1);
  }

  /// The dim along which the first transposed operand of a map is contiguous; -1 if there is none, or if the
  /// extents are too short for tiles.
  int findTiledDim() {
    auto isTileable = [&](unsigned dim) {
      return nest.typical(dim) >= kShortest &&
             llvm::all_of(nest.stages, [&](const Stage &stage) { return stage.iterates[dim]; });
    };
    if (isTileable(vectorDim))
      for (const Stage &stage : nest.stages)
        for (const Access &access : stage.reads)
          for (unsigned dim = 0; dim < nest.rank(); ++dim)
            if (isTransposed(access, dim) && isTileable(dim))
              return dim;
    return -1;
  }

  /// Columns that an item reduces: a page of a row or more is what memory gives fastest, and several items let
  /// threads share the work.
  int64_t columnBlock() {
    Size columns = nest.domain[vectorDim];
    if (!columns.isConstant())
      return kMostColumns / 2;
    int64_t quarter = (columns.value() / 4 + 63) / 64 * 64;
    return std::clamp<int64_t>(quarter, 64, kMostColumns);
  }

  //===- An item ----------------------------------------------------------===//

  void emitItem(Value item) {
    SmallVector<Value> outer = e.delinearize(item, gridExtents);
    Point point;
    point.coords.assign(nest.rank(), Value());
    unsigned next = 0;
    for (unsigned i = 0; i < nest.rank(); ++i)
      if (!inside[i])
        point.coords[i] = outer[next++];
    if (nest.rank()) {
      vectorBegin = block ? e.mul(outer.back(), e.constant(block)) : e.constant(0);
      vectorEnd = e.size(nest.domain[vectorDim]);
      exactBlocks = !block || (nest.domain[vectorDim].isConstant() && nest.domain[vectorDim].value() % block == 0);
      if (block)
        vectorEnd = exactBlocks ? e.add(vectorBegin, e.constant(block))
                                : e.minimum(e.add(vectorBegin, e.constant(block)), vectorEnd);
    }
    placeLocals();
    if (tiledDim >= 0)
      transposeOperands(point, outer[next]);
    for (const Stage &stage : nest.stages)
      emitStage(stage, point);
  }

  /// Locals that vary inside the item get private memory, dense over the dims they vary in; others stay in registers.
  void placeLocals() {
    e.homes.resize(nest.locals.size());
    for (auto [local, home] : llvm::zip(nest.locals, e.homes)) {
      home.strides.assign(nest.rank(), Value());
      home.origins.assign(nest.rank(), e.constant(0));
      if (nest.rank())
        home.origins[vectorDim] = vectorBegin;
      Size elements = Size::constant(1);
      bool varies = false;
      for (int i = int(nest.rank()) - 1; i >= 0; --i) {
        if (!inside[i] || !local.varies[i])
          continue;
        varies = true;
        home.strides[i] = e.size(elements);
        elements = nest.sizes->mul(elements, i == vectorDim && block ? Size::constant(block) : nest.domain[i]);
      }
      if (!varies)
        continue;
      Size bytes = nest.sizes->mul(elements, Size::constant(storedBytes(local.element)));
      home.memory = e.scratchPointer(e.reserveScratch(bytes));
    }
  }

  //===- Transposed operands ------------------------------------------------===//

  /// Brings the item's tile of each transposed operand into private memory, where it lies along the vector dim: lines
  /// of memory are read whole, and the stages' loops stay what they are.
  void transposeOperands(Point point, Value tile) {
    tileBegin = e.mul(tile, e.constant(kTile));
    tileEnd = e.minimum(e.add(tileBegin, e.constant(kTile)), e.size(nest.domain[tiledDim]));
    for (Stage &stage : nest.stages)
      for (Access &access : stage.reads)
        if (isTransposed(access, tiledDim)) {
          Access local;
          local.place = Place::Local;
          local.number = e.homes.size();
          local.element = access.element;
          Emitter::LocalHome home;
          home.strides.assign(nest.rank(), Value());
          home.origins.assign(nest.rank(), e.constant(0));
          home.strides[tiledDim] = e.constant(kTile);
          home.strides[vectorDim] = e.constant(1);
          home.origins[tiledDim] = tileBegin;
          home.origins[vectorDim] = vectorBegin;
          home.memory = e.scratchPointer(e.reserveScratch(Size::constant(kTile * kTile * storedBytes(access.element))));
          transposeTile(access, point, home.memory);
          e.homes.push_back(home);
          access = local;
        }
  }

  void transposeTile(const Access &access, Point point, Value memory) {
    unsigned w = std::min<unsigned>(kMaxTransposed, e.target.vectorBytes / storedBytes(access.element));
    Size extent = nest.domain[tiledDim];
    bool exact = extent.isConstant() && extent.value() % w == 0;
    point.vectorDim = tiledDim;
    point.width = w;
    Value last = e.sub(vectorEnd, e.constant(1));
    loop(tileBegin, tileEnd, w, {}, [&](Value t, ValueRange) -> SmallVector<Value> {
      point.coords[tiledDim] = t;
      point.mask = exact ? Value() : e.tailMask(e.sub(tileEnd, t), w);
      loop(vectorBegin, vectorEnd, w, {}, [&](Value v, ValueRange) -> SmallVector<Value> {
        SmallVector<Value> rows;
        for (unsigned r = 0; r < w; ++r) {
          Value row = e.add(v, e.constant(r));
          point.coords[vectorDim] = exactBlocks ? row : e.minimum(row, last);
          rows.push_back(e.asVector(e.load(access, point), w));
        }
        Value index = e.add(e.mul(e.sub(t, tileBegin), e.constant(kTile)), e.sub(v, vectorBegin));
        for (auto [r, column] : llvm::enumerate(e.interleave(rows)))
          e.storeVector(e.elementPointer(memory, access.element, e.add(index, e.constant(int64_t(r) * kTile))), column);
        return {};
      });
      return {};
    });
  }

  //===- A stage ----------------------------------------------------------===//

  void emitStage(const Stage &stage, Point point) {
    if (stage.reduces())
      return emitReduction(*this, stage, point);
    overItem(stage, point, [&] {
      if (nest.rank() && stage.iterates[vectorDim])
        emitMapRow(stage, point);
      else
        emitMapAt(stage, point);
    });
  }

  /// Loops over the item's dims that the stage iterates, but the vector dim.
  void overItem(const Stage &stage, Point &point, function_ref<void()> body, unsigned dim = 0) {
    while (dim < nest.rank() && (int(dim) == vectorDim || !inside[dim] || !stage.iterates[dim]))
      ++dim;
    if (dim >= nest.rank())
      return body();
    bool tiled = int(dim) == tiledDim;
    loop(tiled ? tileBegin : e.constant(0), tiled ? tileEnd : e.size(nest.domain[dim]), 1, {},
         [&](Value at, ValueRange) -> SmallVector<Value> {
           point.coords[dim] = at;
           overItem(stage, point, body, dim + 1);
           return {};
         });
  }

  void emitMapAt(const Stage &stage, const Point &point) {
    SmallVector<Lane> values = e.body(stage, point, reads(stage, point), {});
    for (auto [i, value] : llvm::enumerate(values))
      write(stage, i, point, value);
  }

  void emitMapRow(const Stage &stage, Point point) {
    point.vectorDim = vectorDim;
    point.width = width(stage);
    alongVector(point, [&] { emitMapAt(stage, point); });
  }

  SmallVector<Size> gridExtents;
  int tiledDim = -1; // a map's second tiled dim, if some operand is contiguous along it
  Value tileBegin, tileEnd;
};

} // namespace

FailureOr<LaunchInfo> emitNest(Nest &nest, const CpuTarget &target) {
  collapseDims(nest, /*linear=*/true);
  return NestEmitter(nest, target).run();
}

} // namespace mlxir::cpu
