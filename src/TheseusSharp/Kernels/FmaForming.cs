namespace TheseusSharp.Kernels;

/// <summary>Joins a product that is used once with the sum it enters: one instruction and one rounding fewer.</summary>
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

    private static bool IsOwnProduct(Instruction[] code, int[] uses, Operand operand, out Instruction product)
    {
        product = operand.Kind == OperandKind.Value ? code[operand.Index] : default;
        return operand.Kind == OperandKind.Value && product.Opcode == Opcode.Multiply && uses[operand.Index] == 1;
    }

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
