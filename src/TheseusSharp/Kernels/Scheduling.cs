namespace TheseusSharp.Kernels;

/// <summary>
/// The order of instructions: depth first from the outputs in turn, so that values die soon after they are made. Also
/// drops what no output needs. Measured against greedy live-set scheduling: as fast, at a hundredth of the time.
/// </summary>
internal static class Scheduling
{
    /// <summary>Reorders the code.</summary>
    public static StraightLineCode DepthFirst(StraightLineCode code)
    {
        var place = new int[code.Instructions.Count];
        Array.Fill(place, -1);
        var order = new List<Instruction>(place.Length);
        var stack = new Stack<int>();
        foreach (Operand output in code.Outputs)
            if (output.Kind == OperandKind.Value)
                Visit(code, output.Index, place, order, stack);
        Operand[] outputs = code.Outputs.Select(operand => Moved(operand, place)).ToArray();
        return code with { Instructions = order, Outputs = outputs };
    }

    private static void Visit(StraightLineCode code, int root, int[] place, List<Instruction> order, Stack<int> stack)
    {
        stack.Push(root);
        while (stack.TryPeek(out int index))
        {
            Instruction instruction = code.Instructions[index];
            if (place[index] >= 0 || Ready(instruction, place, stack))
            {
                stack.Pop();
                if (place[index] >= 0)
                    continue;
                place[index] = order.Count;
                order.Add(new(
                    instruction.Opcode,
                    Moved(instruction.A, place),
                    Moved(instruction.B, place),
                    Moved(instruction.C, place)));
            }
        }
    }

    /// <summary>Whether all operands have been placed; if not, asks for the first that has not.</summary>
    private static bool Ready(Instruction instruction, int[] place, Stack<int> stack)
    {
        foreach (Operand operand in (ReadOnlySpan<Operand>)[instruction.A, instruction.B, instruction.C])
            if (operand.Kind == OperandKind.Value && place[operand.Index] < 0)
            {
                stack.Push(operand.Index);
                return false;
            }

        return true;
    }

    private static Operand Moved(Operand operand, int[] place) =>
        operand.Kind == OperandKind.Value ? operand with { Index = place[operand.Index] } : operand;
}
