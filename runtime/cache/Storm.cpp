// Counts compilations by the user's line, and compares the last two traces when there are too many.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cache/Storm.h"

#include "runtime/record/TraceTools.h"
#include "runtime/support/Fork.h"
#include "runtime/support/Half.h"
#include "runtime/support/Interrupt.h"
#include "runtime/support/Location.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <unordered_map>

namespace mlxir {
namespace {

constexpr unsigned kStorm = 16; // compilations of one line

struct Line {
  unsigned compiles = 0;
  std::unique_ptr<Trace> before; // of the last compilation that is no storm yet
};

struct Lines {
  std::mutex mutex;
  std::unordered_map<uint32_t, Line> lines;
};

Lines &lines() {
  static Lines *const instance = new Lines;
  return *instance;
}

const ForkLock forkLock(ForkOrder::Storm, [] { return &lines().mutex; });

std::string listOf(Span<const int64_t> values) {
  std::string text = "(";
  for (size_t i = 0; i < values.size(); ++i)
    text += (i ? ", " : "") + std::to_string(values[i]);
  return text + (values.size() == 1 ? ",)" : ")");
}

std::string shapeOf(const TensorType &type) {
  std::vector<int64_t> dims;
  for (Size dim : type.dims)
    dims.push_back(dim.value());
  return listOf({dims.data(), dims.size()});
}

double doubleFromBits(int64_t bits) {
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

std::string textOf(double value) {
  char text[32];
  snprintf(text, sizeof text, "%.9g", value);
  return text;
}

std::string change(const std::string &before, const std::string &now) { return before + " became " + now; }

/// Tells two traces of constant sizes apart, in the words of who wrote the program.
class Difference {
public:
  Difference(const Trace &before, const Trace &now, Span<const uint32_t> locations)
      : before(before), now(now), locations(locations) {}

  std::string text() {
    std::string nodes = nodesDiffer();
    // Another number of inputs is mostly what other ops lead to.
    std::string inputs = before.inputs.size() == now.inputs.size() || nodes.empty() ? inputsDiffer() : "";
    if (!inputs.empty())
      return inputs;
    if (!nodes.empty())
      return nodes;
    return before.outputs == now.outputs ? "nothing that the program says (options, or a cache that was cleared)"
                                         : "which of its values are asked for, or alive elsewhere";
  }

private:
  std::string inputsDiffer() {
    if (before.inputs.size() != now.inputs.size())
      return "the number of arrays it reads: " +
             change(std::to_string(before.inputs.size()), std::to_string(now.inputs.size()));
    for (size_t i = 0; i < now.inputs.size(); ++i) {
      const TensorType &a = before.inputs[i].type, &b = now.inputs[i].type;
      if (a.dtype != b.dtype)
        return "the dtype of " + nameOfInput(i) + ": " + change(dtypeName(a.dtype), dtypeName(b.dtype));
      if (a.dims != b.dims)
        return "the shape of " + nameOfInput(i) + ": " + change(shapeOf(a), shapeOf(b));
      if (before.inputs[i].kind != now.inputs[i].kind)
        return nameOfInput(i) + ": an array became a number, or the other way round";
    }
    return "";
  }

  std::string nameOfInput(size_t input) { return nameOfValue(input, "input " + std::to_string(input)); }

  /// A value is known by what first reads it; broadcasts and casts, which the recorder inserts, are looked through.
  std::string nameOfValue(size_t value, const std::string &otherwise) {
    size_t result = now.inputs.size();
    for (size_t i = 0; i < now.nodes.size(); result += now.nodes[i++].types.size()) {
      const TraceNode &node = now.nodes[i];
      auto at = std::find(node.operands.begin(), node.operands.end(), value);
      if (at == node.operands.end())
        continue;
      const OpInfo &info = opTable()[node.op];
      std::string name = "operand " + std::to_string(at - node.operands.begin()) + " of " + nameOfNode(i);
      return info.kind == OpKind::Map && info.cost == 0 ? nameOfValue(result, name) : name;
    }
    return otherwise;
  }

  std::string nameOfNode(size_t number) {
    const OpInfo &info = opTable()[now.nodes[number].op];
    std::string name = *info.publicName ? info.publicName : info.name;
    Location at;
    if (number < locations.size() && resolveLocation(locations[number], at))
      name += " at " + at.file + ":" + std::to_string(at.line);
    return name;
  }

  std::string nodesDiffer() {
    for (size_t i = 0; i < now.nodes.size() && i < before.nodes.size(); ++i) {
      const TraceNode &a = before.nodes[i], &b = now.nodes[i];
      if (a.op != b.op && before.nodes.size() == now.nodes.size())
        return "op " + std::to_string(i) + ", which was " + opTable()[a.op].name + " and is " + nameOfNode(i);
      if (a.op != b.op)
        break;
      std::string attribute = attributesDiffer(i);
      if (!attribute.empty())
        return attribute;
      if (a.operands != b.operands && before.nodes.size() == now.nodes.size() &&
          before.inputs.size() == now.inputs.size())
        return "which values " + nameOfNode(i) + " reads";
    }
    if (before.nodes.size() != now.nodes.size())
      return "the number of ops: " + change(std::to_string(before.nodes.size()), std::to_string(now.nodes.size()));
    return "";
  }

  std::string attributesDiffer(size_t number) {
    const TraceNode &a = before.nodes[number], &b = now.nodes[number];
    if (a.attrs == b.attrs)
      return "";
    if (b.op == static_cast<uint16_t>(Op::Constant)) {
      size_t result = now.inputs.size();
      for (size_t i = 0; i < number; ++i)
        result += now.nodes[i].types.size();
      return "the constant that is " + nameOfValue(result, "a result") + ": " + change(constant(a), constant(b));
    }
    const OpInfo &info = opTable()[b.op];
    const int64_t *atA = a.attrs.data(), *atB = b.attrs.data();
    for (unsigned i = 0; i < info.numAttrs; ++i) {
      AttrKind kind = info.attrs[i].kind;
      std::string textA = attribute(kind, atA), textB = attribute(kind, atB);
      if (textA != textB)
        return "`" + std::string(info.attrs[i].name) + "` of " + nameOfNode(number) + ": " + change(textA, textB);
    }
    return "an attribute of " + nameOfNode(number);
  }

  static std::string constant(const TraceNode &node) {
    DType dtype = node.types[0].dtype;
    int64_t bits = node.attrs[0];
    if (dtype == DType::Float64)
      return textOf(doubleFromBits(bits));
    if (!isFloat(dtype))
      return std::to_string(bits);
    return textOf(dtype == DType::Float32   ? floatFromBits(static_cast<uint32_t>(bits))
                  : dtype == DType::Float16 ? fromFloat16(static_cast<uint16_t>(bits))
                                            : fromBFloat16(static_cast<uint16_t>(bits)));
  }

  /// Reads one attribute and goes past it.
  static std::string attribute(AttrKind kind, const int64_t *&at) {
    int64_t word = *at++;
    switch (kind) {
    case AttrKind::Bool:
      return word ? "True" : "False";
    case AttrKind::DType:
      return dtypeName(static_cast<DType>(word));
    case AttrKind::Double:
      return textOf(doubleFromBits(word));
    case AttrKind::Int:
      return std::to_string(word);
    case AttrKind::Size:
      return std::to_string(Size{word}.value());
    case AttrKind::IntList:
    case AttrKind::SizeList: {
      std::vector<int64_t> values(at, at + word);
      at += word;
      if (kind == AttrKind::SizeList)
        for (int64_t &value : values)
          value = Size{value}.value();
      return listOf({values.data(), values.size()});
    }
    }
    return "";
  }

  const Trace &before, &now;
  Span<const uint32_t> locations;
};

} // namespace

void noteCompile(const Trace &trace, Span<const uint32_t> locations) {
  uint32_t location = locations.empty() ? 0 : locations[locations.size() - 1];
  if (!location)
    return;
  std::unique_ptr<Trace> before;
  {
    Lines &l = lines();
    std::lock_guard<std::mutex> lock(l.mutex);
    Line &line = l.lines[location];
    ++line.compiles;
    if (line.compiles == kStorm - 1)
      line.before = cloneTrace(trace);
    if (line.compiles != kStorm)
      return;
    before = std::move(line.before);
  }
  Location at;
  std::string where = resolveLocation(location, at) ? at.file + ":" + std::to_string(at.line) : "one place";
  warn(("the computation that ends at " + where + " was compiled " + std::to_string(kStorm) +
        " times; what varied last: " + Difference(*before, trace, locations).text())
           .c_str());
}

} // namespace mlxir
