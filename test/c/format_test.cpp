// Flat forms: what is written is read back; what is damaged is refused; what is hostile costs no memory.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/format/Container.h"
#include "runtime/format/Program.h"
#include "runtime/format/Sha256.h"
#include "runtime/format/Trace.h"
#include "runtime/format/Writer.h"
#include "test/c/Check.h"

#include <cstdlib>
#include <functional>
#include <new>

using namespace mlxir;
using Bytes = std::vector<uint8_t>;

//===----------------------------------------------------------------------===//
// Memory taken, counted
//===----------------------------------------------------------------------===//

static size_t bytesTaken = 0;

// The thread sanitizer brings operators of its own, which nothing may replace; the other builds count.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define MLXIR_COUNTS_NOTHING
#endif
#endif
#ifndef MLXIR_COUNTS_NOTHING
void *operator new(size_t size) {
  bytesTaken += size;
  if (void *memory = std::malloc(size))
    return memory;
  throw std::bad_alloc();
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, size_t) noexcept { std::free(memory); }
#endif

//===----------------------------------------------------------------------===//
// Samples
//===----------------------------------------------------------------------===//

static const OpInfo *findOpWhere(const std::function<bool(const OpInfo &)> &holds) {
  for (unsigned i = 0; i < opTableSize(); ++i)
    if (holds(opTable()[i]))
      return &opTable()[i];
  return nullptr;
}

static const OpInfo *binaryOp() {
  return findOpWhere([](const OpInfo &op) { return op.numOperands == 2 && !op.numAttrs && op.numResults == 1; });
}
static const OpInfo *sizeListOp() {
  return findOpWhere([](const OpInfo &op) {
    return op.numOperands == 1 && op.numAttrs == 1 && op.attrs[0].kind == AttrKind::SizeList && op.numResults == 1;
  });
}
static const OpInfo *regionOp() {
  return findOpWhere([](const OpInfo &op) { return op.hasRegion; });
}

/// Words that fit the schema of `op`: zeros and empty lists.
static std::vector<int64_t> plainAttrs(const OpInfo &op) { return std::vector<int64_t>(op.numAttrs, 0); }

static Trace sampleTrace() {
  Trace trace;
  trace.numSymbols = 2;
  trace.sample = {5, 7};
  Size rows = trace.sizes.symbol(0), columns = trace.sizes.symbol(1);
  Size elements = trace.sizes.mul(rows, columns);
  trace.guards = {{SizeGuard::AtLeast, elements, Size::constant(4)}};
  trace.names = {"softplus"};
  trace.locations = {{}, {"model.py", 12}};
  TensorType matrix{DType::Float32, {rows, columns}}, flat{DType::Float32, {elements}};
  trace.inputs = {{InputKind::Array, matrix}, {InputKind::Array, matrix, 3}, {InputKind::Literal, {DType::Int32, {}}}};
  trace.nodes.push_back({binaryOp()->id, 1, {0, 1}, {}, {matrix}, {}});
  trace.nodes.push_back({sizeListOp()->id, 0, {3}, {1, elements.bits}, {flat}, {}});
  trace.nodes.push_back({regionOp()->id, 1, {4}, plainAttrs(*regionOp()), {flat}, {0}});
  trace.outputs = {5, 3};

  auto body = std::make_unique<Trace>();
  body->numSymbols = 2;
  body->sample = trace.sample;
  Size inner = body->sizes.mul(body->sizes.symbol(0), body->sizes.symbol(1));
  body->inputs = {{InputKind::Array, {DType::Float32, {inner}}}};
  body->nodes.push_back({binaryOp()->id, 0, {0, 0}, {}, {{DType::Float32, {inner}}}, {}});
  body->outputs = {1};
  trace.regions.push_back(std::move(body));
  return trace;
}

static CommandArg bufferArg(uint32_t buffer, bool written = false) { return {ArgKind::Buffer, buffer, {}, written}; }
static Command command(CommandKind kind, std::vector<CommandArg> args) {
  Command result;
  result.kind = kind;
  result.args = std::move(args);
  return result;
}

static Program sampleProgram() {
  Program program;
  program.target = "llvm-cpu:x86-64";
  program.buildId = "1234";
  program.numSymbols = 1;
  Size length = program.sizes.symbol(0), bytes = program.sizes.mul(length, Size::constant(4));
  program.guards = {{SizeGuard::DivisibleBy, length, Size::constant(2)}};
  program.inputs = {{false, DType::Float32, {length}}, {true, DType::Float32, {}}};
  program.outputs = {{DType::Float32, {length}, 1}, {DType::Int64, {}, 3}};
  program.checks = {{ProgramCheck::Bounds, "take", 1, DType::Int32, {length}, 0, length}};
  program.buffers = {{BufferKind::Input, 0, bytes},
                     {BufferKind::Output, 0, bytes},
                     {BufferKind::Temporary, 0, bytes},
                     {BufferKind::Output, 1, Size::constant(8)}};
  program.kernels = {{"scale", 64}};
  Command fill = command(CommandKind::Fill, {bufferArg(2, true)});
  Command launch = command(CommandKind::Launch, {bufferArg(0), bufferArg(0), bufferArg(0), bufferArg(1, true)});
  launch.grid = length;
  launch.grain = Size::constant(1024);
  launch.args[1] = {ArgKind::Size, 0, length, false};
  launch.args[2] = {ArgKind::Literal, 1, {}, false};
  Command copy = command(CommandKind::Copy, {bufferArg(0), bufferArg(2, true)});
  program.commands = {fill, launch, copy, Command()};
  program.donations = {{0, 0}};
  program.code.resize(4096 + 16, 0x90);
  program.codeReadOnly = 4096;
  return program;
}

static Bytes flat(const Trace &trace) {
  Bytes out;
  writeTrace(trace, out);
  return out;
}
static Bytes flat(const Program &program) {
  Bytes out;
  writeProgram(program, out);
  return out;
}

//===----------------------------------------------------------------------===//
// The tests
//===----------------------------------------------------------------------===//

static void testSha256() {
  auto hex = [](const Sha256::Digest &digest) {
    std::string text;
    for (uint8_t byte : digest) {
      text += "0123456789abcdef"[byte >> 4];
      text += "0123456789abcdef"[byte & 15];
    }
    return text;
  };
  CHECK(hex(Sha256::of("", 0)) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex(Sha256::of("abc", 3)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  std::string million(1000000, 'a');
  const char *expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
  CHECK(hex(Sha256::of(million.data(), million.size())) == expected);
  // The same message in pieces of every length up to two blocks.
  for (size_t piece = 1; piece <= 130; ++piece) {
    Sha256 hash;
    for (size_t at = 0; at < million.size(); at += piece)
      hash.update(million.data() + at, std::min(piece, million.size() - at));
    CHECK(hex(hash.finish()) == expected);
  }
}

static void testReader() {
  Bytes bytes = {1, 0, 2, 0, 0, 0, 0xff};
  Reader reader(bytes.data(), bytes.size());
  CHECK(reader.u16() == 1 && reader.u32() == 2 && reader.remaining() == 1 && reader.ok());
  CHECK(reader.u32() == 0 && !reader.ok() && reader.u8() == 0);
  Reader left(bytes.data(), bytes.size());
  CHECK(!left.finish() && left.error() == "bytes left over at byte 0");
  size_t result;
  CHECK(!checkedMultiply<size_t>(SIZE_MAX, 2, result) && !checkedAdd<size_t>(SIZE_MAX, 1, result));
  Reader deep(bytes.data(), bytes.size());
  std::function<unsigned(unsigned)> nest = [&](unsigned level) -> unsigned {
    Reader::Nested nested(deep);
    return deep.ok() ? nest(level + 1) : level;
  };
  CHECK(nest(0) == Reader::kMaxDepth);
}

static void testTraceRoundTrip() {
  Bytes bytes = flat(sampleTrace());
  std::string error;
  std::unique_ptr<Trace> trace = readTrace(bytes.data(), bytes.size(), error);
  if (!CHECK(trace)) {
    std::fprintf(stderr, "%s\n", error.c_str());
    return;
  }
  CHECK(flat(*trace) == bytes);
  CHECK(trace->numSymbols == 2 && trace->sample[1] == 7 && trace->guards.size() == 1);
  CHECK(trace->sizes.evaluate(trace->nodes[1].types[0].dims[0], trace->sample.data()) == 35);
  CHECK(trace->inputs[1].residual == 3 && trace->inputs[2].kind == InputKind::Literal);
  CHECK(trace->locations[1].file == "model.py" && trace->names[0] == "softplus");
  CHECK(trace->regions.size() == 1 && trace->regions[0]->nodes.size() == 1);
  CHECK(trace->valueTypes().size() == 6 && trace->valueTypes()[4] == &trace->typeOf(4));
  unsigned leaves = 0;
  forEachLeaf(*trace, [&](Size &) { ++leaves; });
  CHECK(leaves == 5);
}

static void testProgramRoundTrip() {
  Bytes bytes = flat(sampleProgram());
  std::string error;
  std::unique_ptr<Program> program = readProgram(bytes.data(), bytes.size(), error);
  if (!CHECK(program)) {
    std::fprintf(stderr, "%s\n", error.c_str());
    return;
  }
  CHECK(flat(*program) == bytes);
  CHECK(program->commands.size() == 4 && program->commands[1].args[3].written);
  CHECK(program->code.size() == 4112 && program->kernels[0].name == "scale");
}

using Read = bool (*)(const Bytes &);
static bool readsTrace(const Bytes &bytes) {
  std::string error;
  bool read = readTrace(bytes.data(), bytes.size(), error) != nullptr;
  CHECK(read == error.empty());
  return read;
}
static bool readsProgram(const Bytes &bytes) {
  std::string error;
  bool read = readProgram(bytes.data(), bytes.size(), error) != nullptr;
  CHECK(read == error.empty());
  return read;
}

static void testDamage(const Bytes &bytes, Read reads) {
  for (size_t size = 0; size < bytes.size(); ++size)
    CHECK(!reads(Bytes(bytes.begin(), bytes.begin() + size)));
  Bytes longer = bytes;
  longer.push_back(0);
  CHECK(!reads(longer));
  Bytes flipped = bytes;
  for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    flipped[bit / 8] ^= 1 << bit % 8;
    CHECK(!reads(flipped));
    flipped[bit / 8] ^= 1 << bit % 8;
  }
  CHECK(reads(flipped));
}

/// The form with other payload bytes under a hash that holds, as somebody who means harm would write it.
static Bytes rehashed(const Bytes &bytes, const Bytes &payload) {
  Reader fields(bytes.data() + 8, 24);
  std::string magic(bytes.begin(), bytes.begin() + 8);
  uint32_t version = fields.u32();
  fields.u32();
  fields.u64();
  Bytes out;
  writeContainer({magic.c_str(), version, fields.u64()}, payload, out);
  return out;
}

/// Overwrites every 1, 4 and 8 bytes of the payload with values that hurt, and cuts it everywhere: whatever the reader
/// says, it must neither crash nor take more memory than a small multiple of the file.
static void testHostile(const Bytes &bytes, Read reads) {
  Bytes payload(bytes.begin() + kContainerHeaderSize, bytes.end());
  const uint64_t hurts[] = {0,          1,          0x7f,       0xff,       0x7fffffff,
                            0xffffffff, 1ull << 62, 1ull << 63, UINT64_MAX, UINT64_MAX - 1};
  size_t refused = 0, tried = 0, most = 0;
  auto attempt = [&](const Bytes &changed) {
    Bytes form = rehashed(bytes, changed);
    size_t before = bytesTaken;
    refused += !reads(form);
    ++tried;
    most = std::max(most, bytesTaken - before);
  };
  for (size_t at = 0; at < std::min<size_t>(payload.size(), 1500); ++at) {
    for (size_t width : {1, 4, 8})
      for (uint64_t value : hurts) {
        Bytes changed = payload;
        for (size_t i = 0; i < width && at + i < changed.size(); ++i)
          changed[at + i] = static_cast<uint8_t>(value >> (8 * i));
        attempt(changed);
      }
    attempt(Bytes(payload.begin(), payload.begin() + at));
  }
  CHECK(refused > tried / 10);
  CHECK(most < 32 * bytes.size() + 65536);
}

/// Each edit makes the Program wrong in one place; the reader must see it.
static void testProgramChecks() {
  using Edit = std::function<void(Program &)>;
  const std::pair<const char *, Edit> edits[] = {
      {"output in no buffer", [](Program &p) { p.outputs[0].buffer = 9; }},
      {"output in a temporary buffer",
       [](Program &p) { p.outputs[0].buffer = 2, p.buffers[1].kind = BufferKind::Temporary; }},
      {"check that is no position", [](Program &p) { p.outputs.pop_back(), p.buffers.pop_back(); }},
      {"more checks than outputs", [](Program &p) { p.checks.resize(3); }},
      {"buffer of no output", [](Program &p) { p.buffers[2].kind = BufferKind::Output; }},
      {"buffer of no input", [](Program &p) { p.buffers[0].index = 1; }},
      {"buffer does not fit its input",
       [](Program &p) { p.inputs[0].dims = {Size::constant(3)}, p.buffers[0].bytes = Size::constant(8); }},
      {"launch of no kernel", [](Program &p) { p.commands[1].callee = 1; }},
      {"kernel outside the code", [](Program &p) { p.kernels[0].entry = 4096; }},
      {"constants not on a page of the code", [](Program &p) { p.codeReadOnly = 4000; }},
      {"argument names no buffer", [](Program &p) { p.commands[1].args[0].index = 4; }},
      {"argument names no literal", [](Program &p) { p.commands[1].args[2].index = 0; }},
      {"command writes an input", [](Program &p) { p.commands[1].args[0].written = true; }},
      {"command writes a number", [](Program &p) { p.commands[1].args[1].written = true; }},
      {"copy expects a source and a destination", [](Program &p) { p.commands[2].args.pop_back(); }},
      {"fill expects a destination", [](Program &p) { p.commands[0].args[0].written = false; }},
      {"jump out of the schedule",
       [](Program &p) { p.commands[3].kind = CommandKind::Jump, p.commands[3].target = 4; }},
      {"schedule without an end", [](Program &p) { p.commands.pop_back(); }},
      {"donation of no array", [](Program &p) { p.donations[0].input = 1; }},
      {"unknown size", [](Program &p) { p.commands[1].args[1].size = Size::expr(77); }},
      {"unknown symbol", [](Program &p) { p.numSymbols = 0; }},
      {"negative size", [](Program &p) { p.commands[1].grid = Size::constant(-1); }},
      {"guard divides by less than 1", [](Program &p) { p.guards[0].b = Size::constant(0); }},
  };
  for (const auto &[what, edit] : edits) {
    Program program = sampleProgram();
    edit(program);
    Bytes bytes = flat(program);
    std::string error;
    bool read = readProgram(bytes.data(), bytes.size(), error) != nullptr;
    if (!CHECK(!read && error.find(what) != std::string::npos))
      std::fprintf(stderr, "expected '%s', got '%s'\n", what, error.c_str());
  }
}

static void testTraceChecks() {
  using Edit = std::function<void(Trace &)>;
  const std::pair<const char *, Edit> edits[] = {
      {"value used before it is defined", [](Trace &t) { t.nodes[0].operands[1] = 3; }},
      {"wrong number of operands", [](Trace &t) { t.nodes[0].operands.pop_back(); }},
      {"wrong number of results", [](Trace &t) { t.nodes[0].types.clear(); }},
      {"attributes do not fit the op", [](Trace &t) { t.nodes[1].attrs[0] = 2; }},
      {"attribute out of range", [](Trace &t) { t.nodes[1].attrs[1] = Size::expr(100).bits; }},
      {"unknown op", [](Trace &t) { t.nodes[0].op = 60000; }},
      {"unknown location", [](Trace &t) { t.nodes[0].location = 2; }},
      {"wrong number of regions", [](Trace &t) { t.nodes[2].regions.clear(); }},
      {"unknown region", [](Trace &t) { t.nodes[2].regions[0] = 1; }},
      {"region does not fit its node", [](Trace &t) { t.nodes[2].operands.push_back(0); }},
      {"region has other symbols than its trace", [](Trace &t) { t.regions[0]->sample[0] = 6; }},
      {"symbol stands for a size below 2", [](Trace &t) { t.sample[0] = 1; }},
      {"literal with dims", [](Trace &t) { t.inputs[0].kind = InputKind::Literal; }},
      {"type has too many elements",
       [](Trace &t) { t.inputs[0].type.dims = {Size::constant(1ll << 40), Size::constant(1ll << 30)}; }},
  };
  for (const auto &[what, edit] : edits) {
    Trace trace = sampleTrace();
    edit(trace);
    Bytes bytes = flat(trace);
    std::string error;
    bool read = readTrace(bytes.data(), bytes.size(), error) != nullptr;
    if (!CHECK(!read && error.find(what) != std::string::npos))
      std::fprintf(stderr, "expected '%s', got '%s'\n", what, error.c_str());
  }
}

static void testNesting() {
  std::unique_ptr<Trace> inner = std::make_unique<Trace>();
  for (unsigned depth = 1; depth < 80; ++depth) {
    CHECK(readsTrace(flat(*inner)) == (depth <= Reader::kMaxDepth));
    auto outer = std::make_unique<Trace>();
    outer->regions.push_back(std::move(inner));
    inner = std::move(outer);
  }
}

static void testForeign() {
  Bytes bytes = flat(sampleTrace());
  std::string error;
  CHECK(!readProgram(bytes.data(), bytes.size(), error) && error == "expected a form that starts with MLXPROGR");
  Reader payload;
  CHECK(!openContainer({kTraceMagic, kTraceVersion, opTableHash() + 1}, bytes.data(), bytes.size(), payload, error));
  CHECK(error == "MLXTRACE: made with another op table");
  CHECK(!openContainer({kTraceMagic, kTraceVersion + 1, opTableHash()}, bytes.data(), bytes.size(), payload, error));
  CHECK(error.find("expected version") != std::string::npos);
}

int main() {
  if (!CHECK(binaryOp() && sizeListOp() && regionOp()))
    return check::finish();
  testSha256();
  testReader();
  testTraceRoundTrip();
  testProgramRoundTrip();
  testTraceChecks();
  testProgramChecks();
  testDamage(flat(sampleTrace()), readsTrace);
  Program small = sampleProgram();
  small.code.resize(128), small.codeReadOnly = 0, small.kernels.clear(),
                          small.commands.erase(small.commands.begin() + 1);
  testDamage(flat(small), readsProgram);
  testHostile(flat(sampleTrace()), readsTrace);
  testHostile(flat(sampleProgram()), readsProgram);
  testNesting();
  testForeign();
  return check::finish();
}
