// Reads a kernel function of linalg.generic ops into a Nest.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "lowering/llvm-cpu/Nest.h"

#include "dialect/AttributeNames.h"
#include "dialect/Attributes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace mlxir::cpu {

SmallVector<Size> tensorSizes(RankedTensorType type, SizeArena &sizes) { return getDims(type); }

namespace {

/// Where a tensor value lives, as a view of memory with one stride per tensor dim.
struct View {
  Place place = Place::Input;
  unsigned number = 0;
  SmallVector<Size> strides;
  Size offset;
};

class Analysis {
public:
  Analysis(func::FuncOp func, SizeArena &sizes) : func(func), sizes(sizes) {
    nest.func = func;
    nest.sizes = &sizes;
  }

  FailureOr<Nest> run() {
    if (failed(readDomain()) || failed(readResults()))
      return failure();
    for (Operation &op : func.getBody().front())
      if (auto generic = dyn_cast<linalg::GenericOp>(op))
        if (failed(readStage(generic)))
          return failure();
    return std::move(nest);
  }

private:
  SmallVector<Size> denseStrides(ArrayRef<Size> dims) {
    SmallVector<Size> strides(dims.size(), Size::constant(1));
    for (int i = int(dims.size()) - 2; i >= 0; --i)
      strides[i] = sizes.mul(strides[i + 1], dims[i + 1]);
    return strides;
  }
  View denseView(Place place, unsigned number, RankedTensorType type) {
    return {place, number, denseStrides(tensorSizes(type, sizes)), Size::constant(0)};
  }

  /// The kernel's domain is stated on the function: its dims are what each stage's `mlxir.dims` refer to.
  LogicalResult readDomain() {
    auto attr = func->getAttrOfType<TypeAttr>(kDomainAttr);
    auto type = attr ? dyn_cast<RankedTensorType>(attr.getValue()) : RankedTensorType();
    if (!type)
      return func.emitError("expected a tensor type attribute `mlxir.domain`");
    nest.domain = tensorSizes(type, sizes);
    nest.reduced.assign(nest.domain.size(), false);
    return success();
  }

  LogicalResult readResults() {
    auto ret = cast<func::ReturnOp>(func.getBody().front().getTerminator());
    for (auto [i, value] : llvm::enumerate(ret.getOperands())) {
      // A result that is inserted into a larger tensor is written in place there.
      View view = denseView(Place::Output, i, cast<RankedTensorType>(value.getType()));
      outputViews[value].push_back(view);
      if (failed(readInsertions(value, view)))
        return failure();
    }
    return success();
  }

  /// Pieces of a result: `tensor.insert_slice` chains write each source at its offset of the result's memory.
  LogicalResult readInsertions(Value value, View view) {
    while (auto insert = value.getDefiningOp<tensor::InsertSliceOp>()) {
      FailureOr<View> piece = subview(view, insert.getMixedOffsets(), insert.getMixedStrides());
      if (failed(piece))
        return insert.emitError("expected constant or symbolic offsets");
      outputViews[insert.getSource()].push_back(*piece);
      value = insert.getDest();
    }
    return success();
  }

  FailureOr<Size> asSize(OpFoldResult value) {
    if (auto constant = getConstantIntValue(value))
      return Size::constant(*constant);
    if (auto arg = dyn_cast<BlockArgument>(cast<Value>(value)))
      if (auto symbol = func.getArgAttrOfType<IntegerAttr>(arg.getArgNumber(), kSymbolAttr))
        return sizes.symbol(symbol.getInt());
    return failure();
  }

  FailureOr<View> subview(View view, ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> strides) {
    SmallVector<Size> starts;
    for (OpFoldResult offset : offsets) {
      FailureOr<Size> start = asSize(offset);
      if (failed(start))
        return failure();
      starts.push_back(*start);
    }
    return subview(view, starts, strides);
  }
  FailureOr<View> subview(View view, ArrayRef<Size> starts, ArrayRef<OpFoldResult> strides) {
    for (auto [i, start] : llvm::enumerate(starts)) {
      FailureOr<Size> step = asSize(strides[i]);
      if (failed(step))
        return failure();
      view.offset = sizes.add(view.offset, sizes.mul(start, view.strides[i]));
      view.strides[i] = sizes.mul(view.strides[i], *step);
    }
    return view;
  }

  FailureOr<View> inputView(Value value) {
    if (auto slice = value.getDefiningOp<tensor::ExtractSliceOp>()) {
      FailureOr<View> source = inputView(slice.getSource());
      if (failed(source))
        return failure();
      if (auto starts = slice->getAttrOfType<SizesAttr>(kStartsAttr))
        return subview(*source, starts.getValues(), slice.getMixedStrides());
      return subview(*source, slice.getMixedOffsets(), slice.getMixedStrides());
    }
    if (auto arg = dyn_cast<BlockArgument>(value))
      return denseView(Place::Input, arg.getArgNumber(), cast<RankedTensorType>(arg.getType()));
    return failure();
  }

  /// Composes a view with an indexing map whose results are affine in one loop each.
  LogicalResult mapAccess(const View &view, AffineMap map, ArrayRef<int> dims, Access &access) {
    access.place = view.place;
    access.number = view.number;
    access.offset = view.offset;
    access.strides.assign(nest.domain.size(), Size::constant(0));
    for (auto [i, expr] : llvm::enumerate(map.getResults()))
      if (failed(addTerm(expr, view.strides[i], 1, dims, access)))
        return failure();
    return success();
  }
  LogicalResult addTerm(AffineExpr expr, Size stride, int64_t factor, ArrayRef<int> dims, Access &access) {
    if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
      access.offset = sizes.add(access.offset, sizes.mul(stride, Size::constant(constant.getValue() * factor)));
      return success();
    }
    if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
      Size &total = access.strides[dims[dim.getPosition()]];
      total = sizes.add(total, sizes.mul(stride, Size::constant(factor)));
      return success();
    }
    auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
    if (binary && expr.getKind() == AffineExprKind::Add)
      return failure(failed(addTerm(binary.getLHS(), stride, factor, dims, access)) ||
                     failed(addTerm(binary.getRHS(), stride, factor, dims, access)));
    if (binary && expr.getKind() == AffineExprKind::Mul)
      if (auto constant = dyn_cast<AffineConstantExpr>(binary.getRHS()))
        return addTerm(binary.getLHS(), stride, factor * constant.getValue(), dims, access);
    return failure();
  }

  LogicalResult readStage(linalg::GenericOp op) {
    Stage stage;
    stage.op = op;
    auto dims = op->getAttrOfType<DenseI64ArrayAttr>(kDimsAttr);
    if (!dims || dims.size() != int64_t(op.getNumLoops()))
      return op.emitError("expected an array attribute `mlxir.dims` with one domain dim per loop");
    stage.iterates.assign(nest.domain.size(), false);
    for (auto [loop, dim] : llvm::enumerate(dims.asArrayRef())) {
      stage.dims.push_back(dim);
      stage.iterates[dim] = true;
      if (op.getIteratorTypesArray()[loop] == utils::IteratorType::reduction)
        nest.reduced[dim] = true;
    }
    for (OpOperand *input : op.getDpsInputOperands())
      if (failed(readInput(op, *input, stage)))
        return failure();
    if (failed(readTables(op)))
      return failure();
    for (auto [i, result] : llvm::enumerate(op.getResults()))
      if (failed(readResult(op, i, result, stage)))
        return failure();
    nest.stages.push_back(std::move(stage));
    return success();
  }

  LogicalResult readInput(linalg::GenericOp op, OpOperand &input, Stage &stage) {
    Access access;
    access.element = getElementTypeOrSelf(input.get().getType());
    auto local = localOf.find(input.get());
    if (local != localOf.end()) {
      access.place = Place::Local;
      access.number = local->second;
    } else if (input.get().getDefiningOp<tensor::EmptyOp>()) {
      access.place = Place::None;
      access.strides.assign(nest.domain.size(), Size::constant(0));
    } else {
      FailureOr<View> view = inputView(input.get());
      if (failed(view) || failed(mapAccess(*view, op.getMatchingIndexingMap(&input), stage.dims, access)))
        return op.emitError("operand ") << input.getOperandNumber() << " is not an affine view of a kernel argument";
    }
    stage.reads.push_back(std::move(access));
    return success();
  }

  LogicalResult readTables(linalg::GenericOp op) {
    LogicalResult result = success();
    op.getBody()->walk([&](Operation *inner) {
      if (auto index = dyn_cast<linalg::IndexOp>(inner)) {
        auto dims = op->getAttrOfType<DenseI64ArrayAttr>(kDimsAttr);
        nest.indexDims[index.getResult()] = dims[index.getDim()];
      }
      auto extract = dyn_cast<tensor::ExtractOp>(inner);
      if (!extract)
        return;
      FailureOr<View> view = inputView(extract.getTensor());
      if (failed(view)) {
        result = extract.emitError("expected a kernel argument");
        return;
      }
      Table table;
      table.base = {view->place, view->number, getElementTypeOrSelf(extract.getTensor().getType()), {}, view->offset};
      table.strides = view->strides;
      nest.tables[extract.getTensor()] = table;
    });
    return result;
  }

  /// A result is stored where the function's results want it, and kept as a local if a later stage reads it.
  LogicalResult readResult(linalg::GenericOp op, unsigned i, OpResult result, Stage &stage) {
    AffineMap map = op.getMatchingIndexingMap(op.getDpsInitOperand(i));
    stage.writes.emplace_back();
    for (const View &view : outputViews.lookup(result)) {
      Access access;
      access.element = getElementTypeOrSelf(result.getType());
      if (failed(mapAccess(view, map, stage.dims, access)))
        return op.emitError("result ") << i << " is not an affine view of a kernel result";
      stage.writes.back().push_back(std::move(access));
    }
    // Dims of extent 1 may follow no loop, so what counts is which loops the result does not follow.
    bool reduced = llvm::any_of(llvm::enumerate(op.getIteratorTypesArray()), [&](auto loop) {
      return loop.value() == utils::IteratorType::reduction && !map.isFunctionOfDim(loop.index());
    });
    TypedAttr identity;
    if (reduced) {
      auto fill = op.getDpsInitOperand(i)->get().getDefiningOp<linalg::FillOp>();
      if (!fill || !matchPattern(fill.getInputs()[0], m_Constant(&identity)))
        return op.emitError("result ") << i << " is reduced; expected its init to be a linalg.fill of a constant";
    }
    stage.identities.push_back(identity);
    if (llvm::any_of(result.getUsers(), [](Operation *user) { return isa<linalg::GenericOp>(user); })) {
      Local local{getElementTypeOrSelf(result.getType()), SmallVector<bool>(nest.domain.size(), false)};
      for (AffineExpr expr : map.getResults())
        if (auto dim = dyn_cast<AffineDimExpr>(expr))
          local.varies[stage.dims[dim.getPosition()]] = true;
      localOf[result] = nest.locals.size();
      Access access;
      access.place = Place::Local;
      access.number = nest.locals.size();
      access.element = local.element;
      stage.writes.back().push_back(std::move(access));
      nest.locals.push_back(std::move(local));
    }
    return success();
  }

  func::FuncOp func;
  SizeArena &sizes;
  Nest nest;
  DenseMap<Value, SmallVector<View>> outputViews;
  DenseMap<Value, unsigned> localOf;
};

} // namespace

FailureOr<Nest> analyzeKernel(func::FuncOp func, SizeArena &sizes) { return Analysis(func, sizes).run(); }

/// Dims i and i+1 are one if every stage loops over both or neither, no body asks for their index, and every access
/// steps through them as through one dim.
static bool canMerge(const Nest &nest, unsigned i, bool linear) {
  if (nest.reduced[i] != nest.reduced[i + 1])
    return false;
  if (nest.reduced[i] && i + 2 == nest.rank() && !linear)
    return false;
  for (auto [value, dim] : nest.indexDims)
    if (dim == int(i) || dim == int(i + 1))
      return false;
  auto contiguous = [&](const Access &access) {
    return access.place == Place::Local || access.place == Place::None ||
           access.strides[i] == nest.sizes->mul(access.strides[i + 1], nest.domain[i + 1]);
  };
  for (const Stage &stage : nest.stages) {
    if (stage.iterates[i] != stage.iterates[i + 1] || !llvm::all_of(stage.reads, contiguous))
      return false;
    for (auto &writes : stage.writes)
      if (!llvm::all_of(writes, contiguous))
        return false;
  }
  return llvm::all_of(nest.locals, [&](const Local &l) { return l.varies[i] == l.varies[i + 1]; });
}

static void merge(Nest &nest, unsigned i) {
  nest.domain[i + 1] = nest.sizes->mul(nest.domain[i], nest.domain[i + 1]);
  auto drop = [&](auto &list) {
    if (!list.empty())
      list.erase(list.begin() + i);
  };
  drop(nest.domain);
  drop(nest.reduced);
  for (Stage &stage : nest.stages) {
    drop(stage.iterates);
    for (Access &access : stage.reads)
      drop(access.strides);
    for (auto &writes : stage.writes)
      for (Access &access : writes)
        drop(access.strides);
  }
  for (Local &local : nest.locals)
    drop(local.varies);
  for (auto &entry : nest.indexDims)
    if (entry.second > int(i))
      --entry.second;
}

void collapseDims(Nest &nest, bool linear) {
  for (int i = int(nest.rank()) - 2; i >= 0; --i)
    if (canMerge(nest, i, linear))
      merge(nest, i);
}

/// Dims too short for vectors are no gain.
constexpr int64_t kShortestVectorDim = 64;

/// Would vectors along `dim` read and write neighbours everywhere, and those along the last dim not?
static bool liesAlong(const Nest &nest, unsigned dim) {
  bool gains = false;
  auto fits = [&](const Access &access) {
    if (access.place != Place::Input && access.place != Place::Output)
      return true;
    gains |= access.strides[dim] == Size::constant(1) && access.strides.back() != Size::constant(0);
    return access.strides[dim] == Size::constant(0) || access.strides[dim] == Size::constant(1);
  };
  for (const Stage &stage : nest.stages) {
    if (!llvm::all_of(stage.reads, fits))
      return false;
    for (ArrayRef<Access> writes : stage.writes)
      if (!llvm::all_of(writes, fits))
        return false;
  }
  return gains;
}

template <typename List> static void moveToEnd(List &list, unsigned dim) {
  if (!list.empty())
    std::rotate(list.begin() + dim, list.begin() + dim + 1, list.end());
}

void runAlongMemory(Nest &nest) {
  if (nest.rank() < 2 || !nest.reduced.back() || !nest.tables.empty())
    return;
  int found = int(nest.rank()) - 2;
  while (found >= 0 && (nest.reduced[found] || nest.typical(found) < kShortestVectorDim || !liesAlong(nest, found)))
    --found;
  if (found < 0)
    return;
  auto renumbered = [&](int dim) { return dim == found ? int(nest.rank()) - 1 : dim > found ? dim - 1 : dim; };
  for (Stage &stage : nest.stages) {
    for (int &dim : stage.dims)
      dim = renumbered(dim);
    moveToEnd(stage.iterates, found);
    for (Access &read : stage.reads)
      moveToEnd(read.strides, found);
    for (auto &writes : stage.writes)
      for (Access &write : writes)
        moveToEnd(write.strides, found);
  }
  for (Local &local : nest.locals)
    moveToEnd(local.varies, found);
  for (auto &entry : nest.indexDims)
    entry.second = renumbered(entry.second);
  moveToEnd(nest.reduced, found);
  moveToEnd(nest.domain, found);
}

} // namespace mlxir::cpu
