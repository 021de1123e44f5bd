using TheseusSharp.Kernels;

namespace TheseusSharp.Tests.Kernels;

/// <summary>Makes random straight-line code, and evaluates any such code instruction by instruction.</summary>
/// <param name="random">The source.</param>
/// <param name="isExact">Whether only whole numbers below 2⁴⁰ come up, so that nothing is rounded.</param>
internal sealed class RandomCode(Random random, bool isExact = false)
{
    public const int GatheredColumns = 7;
    public const int TiledColumns = 4;

    private const int Probes = 16;

    private static readonly double[] s_constants = [1, -2, 3, 0, 0.5];

    private static readonly Opcode[] s_arithmetic =
    [
        Opcode.Add, Opcode.Subtract, Opcode.Multiply, Opcode.Negate, Opcode.Divide, Opcode.Abs, Opcode.Sqrt,
        Opcode.MultiplyAdd, Opcode.MultiplySubtract, Opcode.NegatedMultiplyAdd, Opcode.NegatedMultiplySubtract,
    ];

    private static readonly Opcode[] s_comparisons = [Opcode.Less, Opcode.LessOrEqual, Opcode.Equal];

    private static readonly Opcode[] s_onMasks = [Opcode.And, Opcode.Or, Opcode.Xor, Opcode.Not];

    private readonly List<Instruction> _instructions = [];
    private readonly List<Operand> _numbers = [];
    private readonly List<Operand> _masks = [];

    // What each operand is for some inputs: instructions that lead to NaN or to huge numbers are not taken.
    private readonly Dictionary<Operand, double[]> _probes = [];

    public StraightLineCode Make(int length, int outputs)
    {
        AddLeaves();
        while (_instructions.Count < length)
            AddInstruction();
        Operand[] results = [.. Enumerable.Range(0, outputs).Select(_ => Pick(_numbers))];
        results[^1] = new(OperandKind.Value, _instructions.Count - 1);
        return new(_instructions, s_constants, results, HasFlags: false);
    }

    /// <summary>A random input: within [−2, 2], or a whole number of at most 8.</summary>
    public static double Input(Random random, bool isExact) =>
        isExact ? random.Next(-8, 9) : (4 * random.NextDouble()) - 2;

    /// <summary>What code gives for one element; masks are numbers of all ones or all zeros.</summary>
    public static double[] Evaluate(StraightLineCode code, double[] gathered, double[] tiled)
    {
        var values = new double[code.Instructions.Count];
        for (int k = 0; k < values.Length; k++)
        {
            Instruction instruction = code.Instructions[k];
            values[k] = Apply(instruction.Opcode, Read(instruction.A), Read(instruction.B), Read(instruction.C));
        }

        return [.. code.Outputs.Select(Read)];

        double Read(Operand operand) => operand.Kind switch
        {
            OperandKind.Value => values[operand.Index],
            OperandKind.Gathered => gathered[operand.Index],
            OperandKind.Tiled => tiled[operand.Index],
            OperandKind.Constant => code.Constants[operand.Index],
            _ => throw new InvalidOperationException($"{operand} is no operand of code before allocation."),
        };
    }

    private static double Apply(Opcode opcode, double a, double b, double c) => opcode switch
    {
        Opcode.Add => a + b,
        Opcode.Subtract => a - b,
        Opcode.Multiply => a * b,
        Opcode.Divide => a / b,
        Opcode.Negate => -a,
        Opcode.Abs => Math.Abs(a),
        Opcode.Sqrt => Math.Sqrt(a),
        Opcode.MultiplyAdd => Math.FusedMultiplyAdd(a, b, c),
        Opcode.MultiplySubtract => Math.FusedMultiplyAdd(a, b, -c),
        Opcode.NegatedMultiplyAdd => Math.FusedMultiplyAdd(-a, b, c),
        Opcode.NegatedMultiplySubtract => Math.FusedMultiplyAdd(-a, b, -c),
        Opcode.Less => Mask(a < b),
        Opcode.LessOrEqual => Mask(a <= b),
        Opcode.Equal => Mask(a == b),
        Opcode.And => OnBits(a, b, (x, y) => x & y),
        Opcode.Or => OnBits(a, b, (x, y) => x | y),
        Opcode.Xor => OnBits(a, b, (x, y) => x ^ y),
        Opcode.Not => OnBits(a, a, (x, _) => ~x),
        Opcode.Select => BitConverter.DoubleToInt64Bits(a) == -1 ? b : c,
        _ => throw new InvalidOperationException($"Random code has no {opcode}."),
    };

    private static double Mask(bool isSet) => BitConverter.Int64BitsToDouble(isSet ? -1 : 0);

    private static double OnBits(double a, double b, Func<long, long, long> combine) => BitConverter.Int64BitsToDouble(
        combine(BitConverter.DoubleToInt64Bits(a), BitConverter.DoubleToInt64Bits(b)));

    private void AddLeaves()
    {
        void Add(OperandKind kind, int count, Func<int, double> value)
        {
            for (int k = 0; k < count; k++)
            {
                _numbers.Add(new(kind, k));
                _probes[_numbers[^1]] = [.. Enumerable.Range(0, Probes).Select(_ => value(k))];
            }
        }

        Add(OperandKind.Gathered, GatheredColumns, _ => Input(random, isExact));
        Add(OperandKind.Tiled, TiledColumns, _ => Input(random, isExact));

        // The last constant is not a whole number.
        Add(OperandKind.Constant, isExact ? s_constants.Length - 1 : s_constants.Length, k => s_constants[k]);
    }

    private void AddInstruction()
    {
        int kind = isExact ? 0 : random.Next(8);
        if (kind == 6)
            Emit(_masks, s_comparisons[random.Next(s_comparisons.Length)], Pick(_numbers), Pick(_numbers), default);
        else if (kind == 7 && _masks.Count > 0)
            Emit(_masks, s_onMasks[random.Next(s_onMasks.Length)], Pick(_masks), Pick(_masks), default);
        else if (kind == 5 && _masks.Count > 0)
            Emit(_numbers, Opcode.Select, Pick(_masks), Pick(_numbers), Pick(_numbers));
        else
            Emit(
                _numbers, s_arithmetic[random.Next(isExact ? 4 : s_arithmetic.Length)], Pick(_numbers), Pick(_numbers),
                Pick(_numbers));
    }

    /// <summary>Some recent, for short lives, and some from long ago.</summary>
    private Operand Pick(List<Operand> from) =>
        from[random.Next(2) == 0 ? random.Next(from.Count) : from.Count - 1 - random.Next(Math.Min(8, from.Count))];

    private void Emit(List<Operand> kind, Opcode opcode, Operand a, Operand b, Operand c)
    {
        int arity = opcode.Arity();
        b = arity > 1 ? b : a;
        c = arity > 2 ? c : a;
        var results = new double[Probes];
        for (int k = 0; k < Probes; k++)
            results[k] = Apply(opcode, _probes[a][k], _probes[b][k], _probes[c][k]);
        double limit = isExact ? 1L << 40 : 100;
        if (kind == _numbers && !Array.TrueForAll(results, x => Math.Abs(x) < limit))
            return;
        _instructions.Add(new(opcode, a, b, c));
        kind.Add(new(OperandKind.Value, _instructions.Count - 1));
        _probes[kind[^1]] = results;
    }
}
