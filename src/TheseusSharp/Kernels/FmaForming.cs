namespace TheseusSharp.Kernels;

/// <summary>
/// Joins a product that is used once with the sum it enters, and a sum so made with its negation: fewer instructions,
/// and one rounding fewer. A negated sum that is zero may change the sign of its zero.
/// </summary>
internal static class FmaForming
{
    /// <summary>Rewrites the code; instructions that lose their use stay behind as dead code.</summary>
    public static StraightLineCode Apply(StraightLineCode code)
    {
        int[] uses = CountUses(code);
        var instructions = code.Instructions.ToArray();
        for (int i = 0; i < instructions.Length; i++)
            instructions[i] = Join(instructions, uses, instructions[i]);
        return code with { Instructions = instructions };
    }

    private static Instruction Join(Instruction[] code, int[] uses, Instruction sum)
    {
        if (sum.Opcode == Opcode.Negate)
            return IsOwn(uses, sum.A) ? Negated(code[sum.A.Index]) ?? sum : sum;
        if (sum.Opcode == Opcode.Add)
        {
            if (IsOwnProduct(code, uses, sum.A, out Instruction product))
                return new(Opcode.MultiplyAdd, product.A, product.B, sum.B);
            if (IsOwnProduct(code, uses, sum.B, out product))
                return new(Opcode.MultiplyAdd, product.A, product.B, sum.A);
        }
        else if (sum.Opcode == Opcode.Subtract)
        {
            if (IsOwnProduct(code, uses, sum.B, out Instruction product))
                return new(Opcode.NegatedMultiplyAdd, product.A, product.B, sum.A);
            if (IsOwnProduct(code, uses, sum.A, out product))
                return new(Opcode.MultiplySubtract, product.A, product.B, sum.B);
        }

        return sum;
    }

    private static Instruction? Negated(Instruction fused) => fused.Opcode switch
    {
        Opcode.MultiplyAdd => fused with { Opcode = Opcode.NegatedMultiplySubtract },
        Opcode.MultiplySubtract => fused with { Opcode = Opcode.NegatedMultiplyAdd },
        Opcode.NegatedMultiplyAdd => fused with { Opcode = Opcode.MultiplySubtract },
        _ => null,
    };

    private static bool IsOwnProduct(Instruction[] code, int[] uses, Operand operand, out Instruction product)
    {
        product = operand.Kind == OperandKind.Value ? code[operand.Index] : default;
        return IsOwn(uses, operand) && product.Opcode == Opcode.Multiply;
    }

    private static bool IsOwn(int[] uses, Operand operand) =>
        operand.Kind == OperandKind.Value && uses[operand.Index] == 1;

    private static int[] CountUses(StraightLineCode code)
    {
        var live = new bool[code.Instructions.Count];
        var uses = new int[live.Length];
        void Use(Operand operand)
        {
            if (operand.Kind != OperandKind.Value)
                return;
            uses[operand.Index]++;
            live[operand.Index] = true;
        }

        foreach (Operand output in code.Outputs)
            Use(output);
        for (int i = live.Length - 1; i >= 0; i--)
        {
            if (!live[i])
                continue;
            Instruction instruction = code.Instructions[i];
            int arity = instruction.Opcode.Arity();
            Use(instruction.A);
            if (arity > 1)
                Use(instruction.B);
            if (arity > 2)
                Use(instruction.C);
        }

        return uses;
    }
}
