namespace TheseusSharp.Kernels;

/// <summary>
/// One step of an allocated program: an operation into a register, or a move if <paramref name="IsMove"/>.
/// </summary>
/// <param name="Opcode">The operation; ignored for a move.</param>
/// <param name="IsMove">Whether A is only copied to the target.</param>
/// <param name="Target">A register, or an output or scratch column for a store.</param>
/// <param name="A">First operand.</param>
/// <param name="B">Second operand.</param>
/// <param name="C">Third operand.</param>
internal readonly record struct Step(Opcode Opcode, bool IsMove, Operand Target, Operand A, Operand B, Operand C)
{
    public static Step Move(Operand target, Operand source) => new(default, true, target, source, source, source);

    /// <summary>About how many bytes of IL it takes: an operand in memory, ten times one in a register.</summary>
    public int Bytes
    {
        get
        {
            int arity = IsMove ? 1 : Opcode.Arity();
            return 8 + Of(Target) + Of(A) + (arity > 1 ? Of(B) : 0) + (arity > 2 ? Of(C) : 0);
            static int Of(Operand operand) => operand.Kind == OperandKind.Register ? 2 : 19;
        }
    }
}

/// <summary>A program in terms of registers and memory, the common input of every emitter.</summary>
/// <param name="Steps">What to do, in order.</param>
/// <param name="Chunks">Where each chunk ends: registers carry nothing from one chunk to the next.</param>
/// <param name="Constants">The literals.</param>
/// <param name="Registers">How many registers are used.</param>
/// <param name="ScratchColumns">How many scratch columns are used.</param>
/// <param name="OutputColumns">How many output columns are written, the flag column included.</param>
/// <param name="HasFlags">Whether the last output column flags lanes that need exact functions.</param>
/// <param name="InstructionCount">How many steps compute (moves excluded).</param>
internal sealed record AllocatedProgram(
    IReadOnlyList<Step> Steps,
    IReadOnlyList<int> Chunks,
    IReadOnlyList<double> Constants,
    int Registers,
    int ScratchColumns,
    int OutputColumns,
    bool HasFlags,
    int InstructionCount)
{
    /// <summary>About how many bytes of IL the longest chunk takes.</summary>
    public int LongestMethod
    {
        get
        {
            int start = 0, longest = 0;
            foreach (int end in Chunks)
            {
                int bytes = 0;
                for (; start < end; start++)
                    bytes += Steps[start].Bytes;
                longest = Math.Max(longest, bytes);
            }

            return longest;
        }
    }
}
