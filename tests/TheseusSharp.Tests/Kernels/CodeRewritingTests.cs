using TheseusSharp.Kernels;

namespace TheseusSharp.Tests.Kernels;

/// <summary>Forming fused multiply-adds, and scheduling.</summary>
public class CodeRewritingTests
{
    private static readonly Operand A = new(OperandKind.Gathered, 0);
    private static readonly Operand B = new(OperandKind.Gathered, 1);
    private static readonly Operand C = new(OperandKind.Gathered, 2);
    private static readonly Operand Product = new(OperandKind.Value, 0);
    private static readonly Operand Second = new(OperandKind.Value, 1);

    /// <summary>On whole numbers nothing is rounded, so one rounding fewer must change nothing at all.</summary>
    [Fact]
    public void Fusing_changes_no_result_where_nothing_is_rounded()
    {
        var run = new AllocatedRun(lanes: 5, new Random(30), isExact: true);
        int fused = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            StraightLineCode code = new RandomCode(new Random(seed), isExact: true).Make(40 + (seed * 3), outputs: 6);
            StraightLineCode rewritten = Scheduling.DepthFirst(FmaForming.Apply(code));

            // Equal as numbers: a zero may change its sign.
            Assert.Equal(run.Evaluate(code).Select(x => x + 0.0), run.Evaluate(rewritten).Select(x => x + 0.0));
            Assert.True(rewritten.Instructions.Count <= Scheduling.DepthFirst(code).Instructions.Count);
            fused += rewritten.Instructions.Count(instruction => IsFused(instruction.Opcode));
        }

        Assert.InRange(fused, 100, 100000);
    }

    [Theory]
    [InlineData(nameof(Opcode.Add), false, false, nameof(Opcode.MultiplyAdd))]
    [InlineData(nameof(Opcode.Add), true, false, nameof(Opcode.MultiplyAdd))]
    [InlineData(nameof(Opcode.Subtract), false, false, nameof(Opcode.MultiplySubtract))]
    [InlineData(nameof(Opcode.Subtract), true, false, nameof(Opcode.NegatedMultiplyAdd))]
    [InlineData(nameof(Opcode.Add), false, true, nameof(Opcode.NegatedMultiplySubtract))]
    [InlineData(nameof(Opcode.Subtract), false, true, nameof(Opcode.NegatedMultiplyAdd))]
    [InlineData(nameof(Opcode.Subtract), true, true, nameof(Opcode.MultiplySubtract))]
    public void Product_joins_its_sum_with_one_rounding(string sum, bool productIsSecond, bool negated, string expected)
    {
        (Operand first, Operand second) = productIsSecond ? (C, Product) : (Product, C);
        var instructions = new List<Instruction>
        {
            new(Opcode.Multiply, A, B, A),
            new(Enum.Parse<Opcode>(sum), first, second, first),
        };
        if (negated)
            instructions.Add(new(Opcode.Negate, Second, Second, Second));
        var code = new StraightLineCode(instructions, [], [new(OperandKind.Value, instructions.Count - 1)], false);
        StraightLineCode fused = Scheduling.DepthFirst(FmaForming.Apply(code));
        Assert.Equal(Enum.Parse<Opcode>(expected), Assert.Single(fused.Instructions).Opcode);

        // a·b is 1 + 2⁻²⁹ + 2⁻⁶⁰: what is left after the 1 goes shows whether the last term was rounded away.
        double a = 1 + Math.ScaleB(1, -30), c = sum == nameof(Opcode.Add) ? -1 : 1;
        double found = RandomCode.Evaluate(fused, [a, a, c], [])[0];
        Assert.Equal(Math.ScaleB(1, -29) + Math.ScaleB(1, -60), Math.Abs(found));
        Assert.Equal(Math.Sign(RandomCode.Evaluate(code, [a, a, c], [])[0]), Math.Sign(found));
    }

    [Fact]
    public void Product_used_twice_stays_a_product()
    {
        var code = new StraightLineCode(
            [
                new(Opcode.Multiply, A, B, A),
                new(Opcode.Add, Product, C, Product),
                new(Opcode.Subtract, Product, C, Product),
            ],
            [], [Second, new(OperandKind.Value, 2)], false);
        Assert.Equal(code.Instructions, Scheduling.DepthFirst(FmaForming.Apply(code)).Instructions);
        StraightLineCode output = code with { Outputs = [Second, Product] };
        Assert.DoesNotContain(FmaForming.Apply(output).Instructions, instruction => IsFused(instruction.Opcode));
    }

    [Fact]
    public void Scheduling_changes_no_bit_and_drops_only_what_is_not_needed()
    {
        var run = new AllocatedRun(lanes: 5, new Random(31));
        for (int seed = 0; seed < 40; seed++)
        {
            StraightLineCode code = new RandomCode(new Random(seed)).Make(1 + (seed * 11), outputs: 4);
            StraightLineCode ordered = Scheduling.DepthFirst(code);
            Assert.Equal(run.Evaluate(code).Select(Bits.Of), run.Evaluate(ordered).Select(Bits.Of));
            Assert.Equal(Needed(code), ordered.Instructions.Count);
            for (int k = 0; k < ordered.Instructions.Count; k++)
                Assert.All(ValuesIn(ordered.Instructions[k]), made => Assert.InRange(made, 0, k - 1));
        }
    }

    private static int Needed(StraightLineCode code)
    {
        HashSet<int> needed = [.. ValuesAmong(code.Outputs)];
        for (int k = code.Instructions.Count - 1; k >= 0; k--)
            if (needed.Contains(k))
                needed.UnionWith(ValuesIn(code.Instructions[k]));
        return needed.Count;
    }

    private static IEnumerable<int> ValuesIn(Instruction instruction) =>
        ValuesAmong([instruction.A, instruction.B, instruction.C]);

    private static IEnumerable<int> ValuesAmong(IEnumerable<Operand> operands) =>
        operands.Where(operand => operand.Kind == OperandKind.Value).Select(operand => operand.Index);

    private static bool IsFused(Opcode opcode) => opcode is >= Opcode.MultiplyAdd and <= Opcode.NegatedMultiplySubtract;
}
