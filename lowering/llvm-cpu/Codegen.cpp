// Drives LLVM for one kernel module: a short pass pipeline (the loops are already vectorized) and an object file.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "lowering/llvm-cpu/Codegen.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Target/LLVMIR/Export.h"

#include "llvm/Analysis/CGSCCPassManager.h"
#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"
#include "llvm/Transforms/Utils/Cloning.h"

#include <mutex>

using namespace mlir;

namespace mlxir {

#define GEN_PASS_DEF_CPUCODEGEN
#include "lowering/llvm-cpu/Codegen.h.inc"

namespace cpu {

static void initializeBackend() {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64Target();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64AsmPrinter();
  });
}

static const llvm::Target *findBackend(const llvm::Triple &triple, std::string &error) {
  initializeBackend();
  return llvm::TargetRegistry::lookupTarget(triple, error);
}

static std::unique_ptr<llvm::TargetMachine> makeMachine(const CpuTarget &target, std::string &error) {
  llvm::Triple triple(target.triple);
  const llvm::Target *backend = findBackend(triple, error);
  if (!backend)
    return nullptr;
  llvm::TargetOptions options;
  options.AllowFPOpFusion = llvm::FPOpFusion::Strict; // only what the IR fuses (D14)
  return std::unique_ptr<llvm::TargetMachine>(backend->createTargetMachine(triple, target.cpu, target.features, options,
                                                                           llvm::Reloc::PIC_, llvm::CodeModel::Small,
                                                                           llvm::CodeGenOptLevel::Default));
}

namespace {
/// Asked once: in a virtual machine every question to the processor is answered by the hypervisor.
struct HostCpu {
  std::string triple = llvm::sys::getDefaultTargetTriple(), name = llvm::sys::getHostCPUName().str();
  std::vector<std::string> features;
  HostCpu() {
    llvm::SubtargetFeatures list;
    for (auto &feature : llvm::sys::getHostCPUFeatures())
      list.AddFeature(feature.getKey(), feature.getValue());
    features = list.getFeatures();
  }
};
} // namespace

/// Every feature that code for this CPU may use; none if LLVM does not know the CPU's kind.
static llvm::SubtargetFeatures enabledFeatures(StringRef tripleName, StringRef cpu, StringRef features) {
  std::string error;
  llvm::Triple triple(tripleName);
  llvm::SubtargetFeatures enabled;
  const llvm::Target *backend = findBackend(triple, error);
  if (!backend)
    return enabled;
  std::unique_ptr<llvm::MCSubtargetInfo> info(backend->createMCSubtargetInfo(triple, cpu, features));
  for (const llvm::SubtargetFeatureKV &feature : info->getEnabledProcessorFeatures())
    enabled.AddFeature(feature.Key);
  return enabled;
}

/// Of the architecture that has such a CPU; empty if none has.
static StringRef findTriple(StringRef cpu) {
  for (StringRef name : {"x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"}) {
    std::string error;
    llvm::Triple triple(name);
    const llvm::Target *backend = findBackend(triple, error);
    if (!backend)
      continue;
    std::unique_ptr<llvm::MCSubtargetInfo> info(backend->createMCSubtargetInfo(triple, "", ""));
    if (info->isCPUStringValid(cpu))
      return name;
  }
  return "";
}

FailureOr<CpuTarget> describeTarget(StringRef description, function_ref<InFlightDiagnostic()> emitError) {
  auto [cpu, features] = description.split(',');
  CpuTarget target;
  target.description = description.empty() ? "native" : description.str();
  llvm::SubtargetFeatures list;
  if (cpu.empty() || cpu == "native") {
    static const HostCpu host;
    target.triple = host.triple;
    target.cpu = host.name;
    for (const std::string &feature : host.features)
      list.AddFeature(feature);
  } else {
    target.triple = findTriple(cpu).str();
    target.cpu = cpu.str();
    if (target.triple.empty())
      return emitError() << "expected a CPU that LLVM knows, such as x86-64-v3 or znver4, got " << cpu;
  }
  llvm::SubtargetFeatures further(features);
  for (const std::string &feature : further.getFeatures())
    list.AddFeature(feature);
  llvm::SubtargetFeatures enabled = enabledFeatures(target.triple, target.cpu, list.getString());
  target.uses = enabled.getString();
  bool isX86 = llvm::Triple(target.triple).isX86();
  bool wide = isX86 && llvm::is_contained(enabled.getFeatures(), "+avx512f");
  // LLVM otherwise prefers 256-bit registers on some machines, which would split every vector emitted here.
  if (wide)
    list.AddFeature("-prefer-256-bit");
  target.features = list.getString();
  target.vectorBytes = wide ? 64 : isX86 ? 32 : 16;
  target.vectorRegisters = wide || !isX86 ? 32 : 16;
  return target;
}

FailureOr<CpuTarget> resolveTarget(const CpuTarget *given, StringRef option, ModuleOp module) {
  if (given)
    return *given;
  return describeTarget(option, [&] { return module.emitError(); });
}

/// The emitted code has its final shape: what is left is scalar clean-up, loop form, and addresses.
static void optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::LoopAnalysisManager lam;
  llvm::FunctionAnalysisManager fam;
  llvm::CGSCCAnalysisManager cam;
  llvm::ModuleAnalysisManager mam;
  llvm::PassBuilder builder(&machine);
  builder.registerModuleAnalyses(mam);
  builder.registerCGSCCAnalyses(cam);
  builder.registerFunctionAnalyses(fam);
  builder.registerLoopAnalyses(lam);
  builder.crossRegisterProxies(lam, fam, cam, mam);
  llvm::ModulePassManager passes;
  llvm::cantFail(builder.parsePassPipeline(
      passes, "function(early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg,"
              "loop-mssa(loop-rotate,licm),early-cse,instcombine<no-verify-fixpoint>,simplifycfg)"));
  passes.run(module, mam);
}

/// The only lane that a constant mask has.
static std::optional<unsigned> onlyLane(llvm::Value *mask) {
  auto *lanes = dyn_cast<llvm::Constant>(mask);
  if (!lanes)
    return std::nullopt;
  std::optional<unsigned> only;
  for (unsigned i = 0, n = cast<llvm::FixedVectorType>(mask->getType())->getNumElements(); i < n; ++i) {
    llvm::Constant *lane = lanes->getAggregateElement(i);
    if (!lane || lane->isNullValue())
      continue;
    if (only || !lane->isOneValue())
      return std::nullopt;
    only = i;
  }
  return only;
}

/// Writes a single lane by a scalar store. Of a masked one LLVM 22 makes that itself, and where the vector was
/// truncated it writes the wider element that was there before: bytes beyond the lane change.
static void storeSingleLanes(llvm::Module &module) {
  for (llvm::Function &function : module)
    for (llvm::BasicBlock &block : function)
      for (llvm::Instruction &instruction : llvm::make_early_inc_range(block)) {
        auto *store = dyn_cast<llvm::IntrinsicInst>(&instruction);
        if (!store || store->getIntrinsicID() != llvm::Intrinsic::masked_store)
          continue;
        llvm::Value *value = store->getArgOperand(0), *pointer = store->getArgOperand(1);
        std::optional<unsigned> lane = onlyLane(store->getArgOperand(2));
        if (!lane)
          continue;
        llvm::IRBuilder<> builder(store);
        llvm::Value *element = builder.CreateExtractElement(value, *lane);
        llvm::Value *address = builder.CreateConstGEP1_64(element->getType(), pointer, *lane);
        builder.CreateAlignedStore(element, address, store->getParamAlign(1).valueOrOne());
        store->eraseFromParent();
      }
}

/// Which section and offset a relocation's symbol stands for.
static llvm::Error readReferences(const llvm::object::ELFObjectFileBase &object,
                                  const DenseMap<uint64_t, uint32_t> &numbers, ObjectCode &code) {
  for (const llvm::object::SectionRef &section : object.sections()) {
    llvm::Expected<llvm::object::section_iterator> relocated = section.getRelocatedSection();
    if (!relocated)
      return relocated.takeError();
    if (*relocated == object.section_end() || !numbers.count((*relocated)->getIndex()))
      continue;
    for (const llvm::object::ELFRelocationRef relocation : section.relocations()) {
      llvm::object::symbol_iterator symbol = relocation.getSymbol();
      llvm::Expected<llvm::object::section_iterator> home = symbol->getSection();
      if (!home)
        return home.takeError();
      if (*home == object.section_end()) {
        llvm::Expected<StringRef> name = symbol->getName();
        return llvm::createStringError("kernel code refers to the undefined symbol '%s'",
                                       name ? name->str().c_str() : "?");
      }
      if (object.getArch() != llvm::Triple::x86_64)
        return llvm::createStringError("kernels for %s are not linked yet",
                                       llvm::Triple::getArchTypeName(object.getArch()).str().c_str());
      bool isCall = relocation.getType() == llvm::ELF::R_X86_64_PLT32;
      if (!isCall && relocation.getType() != llvm::ELF::R_X86_64_PC32)
        return llvm::createStringError("kernel code has a relocation of unsupported type %u",
                                       unsigned(relocation.getType()));
      ObjectCode::Reference reference;
      reference.section = numbers.lookup((*relocated)->getIndex());
      reference.offset = relocation.getOffset();
      reference.target = numbers.lookup((*home)->getIndex());
      reference.targetOffset = llvm::cantFail(symbol->getValue());
      reference.addend = llvm::cantFail(relocation.getAddend());
      code.references.push_back(reference);
    }
  }
  return llvm::Error::success();
}

static llvm::Expected<ObjectCode> readObject(StringRef bytes, StringRef name) {
  auto object = llvm::object::ObjectFile::createELFObjectFile(llvm::MemoryBufferRef(bytes, name));
  if (!object)
    return object.takeError();
  auto &elf = cast<llvm::object::ELFObjectFileBase>(**object);
  ObjectCode code;
  DenseMap<uint64_t, uint32_t> numbers;
  for (const llvm::object::ELFSectionRef section : elf.sections()) {
    if (!(section.getFlags() & llvm::ELF::SHF_ALLOC) || section.getSize() == 0)
      continue;
    llvm::Expected<StringRef> contents = section.getContents();
    if (!contents)
      return contents.takeError();
    numbers[section.getIndex()] = code.sections.size();
    code.sections.push_back({std::vector<uint8_t>(contents->begin(), contents->end()), section.getAlignment().value(),
                             bool(section.getFlags() & llvm::ELF::SHF_EXECINSTR)});
  }
  if (llvm::Error error = readReferences(elf, numbers, code))
    return std::move(error);
  for (const llvm::object::ELFSymbolRef symbol : elf.symbols()) {
    llvm::Expected<StringRef> symbolName = symbol.getName();
    if (!symbolName || *symbolName != name)
      continue;
    code.entrySection = numbers.lookup(llvm::cantFail(symbol.getSection())->getIndex());
    code.entryOffset = llvm::cantFail(symbol.getValue());
    return code;
  }
  return llvm::createStringError("object file lacks the kernel's symbol");
}

static bool emitFile(llvm::TargetMachine &machine, llvm::Module &module, llvm::CodeGenFileType type,
                     SmallVectorImpl<char> &out) {
  llvm::raw_svector_ostream stream(out);
  llvm::legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, stream, nullptr, type))
    return false;
  passes.run(module);
  return true;
}

static std::unique_ptr<llvm::Module> translate(ModuleOp op, const CpuTarget &target, llvm::TargetMachine &machine,
                                               llvm::LLVMContext &context) {
  std::unique_ptr<llvm::Module> module = translateModuleToLLVMIR(op, context);
  if (!module)
    return nullptr;
  module->setTargetTriple(machine.getTargetTriple());
  module->setDataLayout(machine.createDataLayout());
  for (llvm::Function &function : *module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("no-builtins"); // loops must not become calls of memcpy or memset
    function.addFnAttr(llvm::Attribute::NoUnwind);
    function.addFnAttr("target-cpu", target.cpu);
    function.addFnAttr("target-features", target.features);
    function.addFnAttr("min-legal-vector-width", std::to_string(target.vectorBytes * 8));
  }
  optimize(*module, machine);
  storeSingleLanes(*module);
  return module;
}

static LogicalResult generate(ModuleOp op, StringRef name, const CpuTarget &target, GeneratedCode &generated) {
  std::string error;
  std::unique_ptr<llvm::TargetMachine> machine = makeMachine(target, error);
  if (!machine)
    return op.emitError(error);
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> module = translate(op, target, *machine, context);
  if (!module)
    return op.emitError("translation to LLVM IR failed");
  if (generated.wantsTexts) {
    llvm::raw_string_ostream stream(generated.llvm);
    module->print(stream, nullptr);
    SmallString<0> assembly;
    std::unique_ptr<llvm::Module> copy = llvm::CloneModule(*module);
    emitFile(*machine, *copy, llvm::CodeGenFileType::AssemblyFile, assembly);
    generated.assembly += assembly.str();
  }
  SmallString<0> bytes;
  if (!emitFile(*machine, *module, llvm::CodeGenFileType::ObjectFile, bytes))
    return op.emitError("target cannot emit object files");
  llvm::Expected<ObjectCode> code = readObject(bytes, name);
  if (!code)
    return op.emitError(llvm::toString(code.takeError()));
  generated.object = std::move(*code);
  return success();
}

FailureOr<Image> linkImage(ArrayRef<const ObjectCode *> objects, std::string &error) {
  Image image;
  SmallVector<SmallVector<uint64_t>> places(objects.size());
  for (auto [object, place] : llvm::zip(objects, places))
    place.resize(object->sections.size());
  for (bool executable : {true, false}) {
    for (auto [object, place] : llvm::zip(objects, places))
      for (auto [section, where] : llvm::zip(object->sections, place)) {
        if (section.executable != executable)
          continue;
        image.bytes.resize(llvm::alignTo(image.bytes.size(), std::max<uint64_t>(16, section.alignment)));
        where = image.bytes.size();
        image.bytes.insert(image.bytes.end(), section.bytes.begin(), section.bytes.end());
      }
    if (executable) {
      image.bytes.resize(llvm::alignTo(image.bytes.size(), 4096));
      image.readOnly = image.bytes.size();
    }
  }
  for (auto [object, place] : llvm::zip(objects, places)) {
    image.entries.push_back(place[object->entrySection] + object->entryOffset);
    for (const ObjectCode::Reference &reference : object->references) {
      uint64_t at = place[reference.section] + reference.offset;
      int64_t distance = int64_t(place[reference.target] + reference.targetOffset) + reference.addend - int64_t(at);
      if (distance != int32_t(distance)) {
        error = "code image exceeds the reach of a 32-bit reference";
        return failure();
      }
      llvm::support::endian::write32le(image.bytes.data() + at, uint32_t(distance));
    }
  }
  return image;
}

} // namespace cpu

namespace {

struct CpuCodegen : impl::CpuCodegenBase<CpuCodegen> {
  using CpuCodegenBase::CpuCodegenBase;
  CpuCodegen(const cpu::CpuTarget &target, cpu::GeneratedCode &generated)
      : CpuCodegenBase({target.description}), target(&target), generated(&generated) {}

  void runOnOperation() override {
    FailureOr<cpu::CpuTarget> described = cpu::resolveTarget(target, cpu, getOperation());
    if (failed(described))
      return signalPassFailure();
    cpu::GeneratedCode dropped;
    for (auto function : getOperation().getOps<LLVM::LLVMFuncOp>())
      if (!function.isExternal() &&
          failed(cpu::generate(getOperation(), function.getName(), *described, generated ? *generated : dropped)))
        return signalPassFailure();
  }

  const cpu::CpuTarget *target = nullptr;
  cpu::GeneratedCode *generated = nullptr;
};

} // namespace

std::unique_ptr<Pass> cpu::createCodegen(const CpuTarget &target, GeneratedCode &generated) {
  return std::make_unique<CpuCodegen>(target, generated);
}

} // namespace mlxir
