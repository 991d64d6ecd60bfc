// Errors, stages and interruption of one call. Interruption is an action handler: once the host says stop, every
// further pass and rewrite is skipped, and the call ends as soon as the work under way returns.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "compiler/Diagnostics.h"

#include "compiler/Options.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Action.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/Pass.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlxir;

//===----------------------------------------------------------------------===//
// Locations
//===----------------------------------------------------------------------===//

/// A location is the user's file and line, fused with the node's number.
Location mlxir::getTraceLocation(MLIRContext *context, StringRef file, unsigned line, uint32_t node) {
  Location where = file.empty() ? Location(UnknownLoc::get(context)) : FileLineColLoc::get(context, file, line, 0);
  auto number = IntegerAttr::get(IntegerType::get(context, 32), node);
  return FusedLoc::get({where}, number, context);
}

std::optional<uint32_t> mlxir::getTraceNode(Location loc) {
  std::optional<uint32_t> node;
  loc->walk([&](Location inner) {
    if (auto fused = dyn_cast<FusedLoc>(inner))
      if (auto number = dyn_cast_or_null<IntegerAttr>(fused.getMetadata()))
        node = static_cast<uint32_t>(number.getInt());
    return node ? WalkResult::interrupt() : WalkResult::advance();
  });
  return node;
}

//===----------------------------------------------------------------------===//
// Talking to the host
//===----------------------------------------------------------------------===//

bool Diagnostics::interrupted() {
  if (stopped.load(std::memory_order_relaxed))
    return true;
  bool stop = false;
  if (host.interrupted) {
    std::lock_guard<std::mutex> lock(mutex);
    stop = host.interrupted(host.context) != 0;
  }
  if (stop) {
    stopped = true;
    error(MLXIR_ERROR_INTERRUPTED, "interrupted");
  }
  return stop;
}

bool Diagnostics::planted(const char *point) {
  std::lock_guard<std::mutex> lock(mutex);
  return host.fault && host.fault(host.context, point) != 0;
}

bool Diagnostics::fault(const char *point) {
  bool fails = planted(point);
  if (fails) {
    stopped = true;
    error(MLXIR_ERROR_INTERNAL, std::string("fault point ") + point);
  }
  return fails;
}

void Diagnostics::send(const char *what, StringRef data) {
  std::lock_guard<std::mutex> lock(mutex);
  if (host.sink)
    host.sink(host.context, what, data.data(), data.size());
}

bool Diagnostics::findKernel(StringRef key, std::vector<uint8_t> &bytes) {
  auto receive = [](void *to, const void *data, size_t size) {
    const auto *begin = static_cast<const uint8_t *>(data);
    static_cast<std::vector<uint8_t> *>(to)->assign(begin, begin + size);
  };
  return host.find_kernel && host.find_kernel(host.context, key.data(), key.size(), receive, &bytes) != 0;
}

void Diagnostics::keepKernel(StringRef key, ArrayRef<uint8_t> bytes) {
  if (host.keep_kernel)
    host.keep_kernel(host.context, key.data(), key.size(), bytes.data(), bytes.size());
}

void Diagnostics::error(mlxir_status status, const std::string &text, std::optional<uint32_t> node) {
  mlxir_status none = MLXIR_OK;
  if (!first.compare_exchange_strong(none, status))
    return;
  send("error", text);
  if (node)
    send("node", std::to_string(*node));
}

bool Diagnostics::wantsStage(StringRef name) const {
  return !options.dump.empty() || llvm::is_contained(options.stages, name);
}

void Diagnostics::stage(StringRef name, StringRef text) {
  if (llvm::is_contained(options.stages, name))
    send(("stage:" + name).str().c_str(), text);
  if (options.dump.empty())
    return;
  SmallString<128> path(options.dump);
  llvm::sys::path::append(path, options.name + "." + name + (name == "asm" ? ".s" : name == "llvm" ? ".ll" : ".mlir"));
  std::error_code failed = llvm::sys::fs::create_directories(options.dump);
  // Dumping is a courtesy: a folder that cannot be written does not stop a compilation.
  if (llvm::raw_fd_ostream out(path, failed); !failed)
    out << text;
}

void Diagnostics::stage(StringRef name, Operation *op) {
  if (!wantsStage(name))
    return;
  std::string text;
  llvm::raw_string_ostream os(text);
  op->print(os, OpPrintingFlags().enableDebugInfo(false));
  stage(name, text);
}

//===----------------------------------------------------------------------===//
// Emitted diagnostics
//===----------------------------------------------------------------------===//

Diagnostics::Collector::Collector(Diagnostics &diagnostics, MLIRContext *context, mlxir_status status)
    : context(context) {
  handler = context->getDiagEngine().registerHandler([&diagnostics, status](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      diagnostics.error(status, diagnostic.str(), getTraceNode(diagnostic.getLocation()));
    return success();
  });
}

Diagnostics::Collector::~Collector() { context->getDiagEngine().eraseHandler(handler); }

//===----------------------------------------------------------------------===//
// Running passes
//===----------------------------------------------------------------------===//

namespace {
/// Which pass failed first, on which op.
struct FailedPass : public PassInstrumentation {
  explicit FailedPass(std::string &what) : what(what) {}
  void runAfterPassFailed(Pass *pass, Operation *op) override {
    if (!what.empty() || pass->getName().contains("OpToOpPassAdaptor"))
      return;
    StringRef name = pass->getArgument().empty() ? pass->getName() : pass->getArgument();
    what = ("pass " + name + " failed on " + op->getName().getStringRef()).str();
    if (auto symbol = op->getAttrOfType<StringAttr>(SymbolTable::getSymbolAttrName()))
      what += " @" + symbol.str();
  }
  std::string &what;
};
} // namespace

/// Writes `module` with the passes that failed on it, for `mlxir-opt --run-reproducer`. Returns where.
static std::string writeReproducer(ModuleOp module, PassManager &passes, StringRef folder) {
  SmallString<128> path(folder);
  if (path.empty())
    llvm::sys::path::system_temp_directory(/*ErasedOnReboot=*/true, path);
  llvm::sys::path::append(path, "mlxir-reproducer-%%%%%%%%.mlir");
  int file = -1;
  SmallString<128> made;
  if (std::error_code failed = llvm::sys::fs::createUniqueFile(path, file, made))
    return "none (" + failed.message() + ")";
  std::string pipeline;
  llvm::raw_string_ostream os(pipeline);
  passes.printAsTextualPipeline(os);
  AsmState state(module, OpPrintingFlags().enableDebugInfo(true));
  state.attachResourcePrinter("mlir_reproducer", [&](Operation *, AsmResourceBuilder &builder) {
    builder.buildString("pipeline", pipeline);
    builder.buildBool("disable_threading", true);
    builder.buildBool("verify_each", true);
  });
  llvm::raw_fd_ostream out(file, /*shouldClose=*/true);
  module->print(out, state);
  return made.str().str();
}

namespace {
/// What fault point "invalid" adds to a pipeline.
struct LeaveInvalidPass : public PassWrapper<LeaveInvalidPass, OperationPass<func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(LeaveInvalidPass)
  StringRef getArgument() const override { return "mlxir-test-leave-invalid"; }
  StringRef getDescription() const override { return "Is broken, for the tests of what broken passes lead to."; }
  void runOnOperation() override {
    if (!getOperation().isExternal())
      getOperation().front().getTerminator()->erase();
  }
};
} // namespace

void mlxir::registerTestPasses() { PassRegistration<LeaveInvalidPass>(); }

LogicalResult Diagnostics::run(PassManager &passes, ModuleOp module) {
  if (interrupted())
    return failure();
  MLIRContext *context = module.getContext();
  OwningOpRef<ModuleOp> before = module.clone();
  std::string text, failedPass;
  std::optional<uint32_t> node;
  if (planted("invalid"))
    passes.addNestedPass<func::FuncOp>(std::make_unique<LeaveInvalidPass>());
  {
    ScopedDiagnosticHandler collect(context, [&](Diagnostic &diagnostic) {
      if (diagnostic.getSeverity() == DiagnosticSeverity::Error && text.empty()) {
        text = diagnostic.str();
        node = getTraceNode(diagnostic.getLocation());
      }
      if (diagnostic.getSeverity() == DiagnosticSeverity::Warning)
        send("warning", diagnostic.str());
      return success();
    });
    context->registerActionHandler([this](function_ref<void()> action, const tracing::Action &what) {
      const auto *execution = dyn_cast<PassExecutionAction>(&what);
      if (interrupted() || (execution && fault("pass")))
        return;
      action();
      if (execution && planted("warning"))
        execution->getOp()->emitWarning("planted");
    });
    llvm::scope_exit restore([&] { context->registerActionHandler(nullptr); });
    passes.addInstrumentation(std::make_unique<FailedPass>(failedPass));
    if (succeeded(passes.run(module)) && !stopped)
      return success();
  }
  if (status() == MLXIR_OK)
    error(MLXIR_ERROR_INTERNAL,
          failedPass + ": " + text + "; reproducer: " + writeReproducer(*before, passes, options.dump), node);
  return failure();
}
