using System.Runtime.InteropServices;

namespace TheseusSharp.Kernels;

/// <summary>Builds straight-line code; equal instructions are shared.</summary>
internal sealed class CodeBuilder(NumberFormat format, bool hasFma)
{
    private readonly List<Instruction> _instructions = [];
    private readonly Dictionary<Instruction, int> _known = [];
    private readonly List<double> _constants = [];
    private readonly Dictionary<long, int> _knownConstants = [];
    private Operand? _outOfRange;

    public NumberFormat Format { get; } = format;

    /// <summary>Whether the target multiplies and adds with one rounding.</summary>
    public bool HasFma { get; } = hasFma;

    public Operand Constant(double value)
    {
        double rounded = Format.IsDouble ? value : (float)value;
        ref int index = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _knownConstants, BitConverter.DoubleToInt64Bits(rounded), out bool known);
        if (!known)
        {
            index = _constants.Count;
            _constants.Add(rounded);
        }

        return new(OperandKind.Constant, index);
    }

    public Operand Emit(Opcode opcode, Operand a, Operand? b = null, Operand? c = null)
    {
        var instruction = new Instruction(opcode, a, b ?? a, c ?? a);
        ref int index = ref CollectionsMarshal.GetValueRefOrAddDefault(_known, instruction, out bool known);
        if (!known)
        {
            index = _instructions.Count;
            _instructions.Add(instruction);
        }

        return new(OperandKind.Value, index);
    }

    /// <summary>Marks the lanes outside a mask as needing exact functions.</summary>
    public void Require(Operand mask)
    {
        Operand outside = Emit(Opcode.Not, mask);
        _outOfRange = _outOfRange is { } known ? Emit(Opcode.Or, known, outside) : outside;
    }

    public StraightLineCode Finish(IReadOnlyList<Operand> outputs)
    {
        Operand[] all = _outOfRange is { } flags ? [.. outputs, flags] : [.. outputs];
        var code = new StraightLineCode(_instructions, _constants, all, _outOfRange is not null);
        if (HasFma)
            code = FmaForming.Apply(code);
        return Scheduling.DepthFirst(code);
    }
}
