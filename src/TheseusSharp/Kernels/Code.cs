namespace TheseusSharp.Kernels;

/// <summary>Where an instruction finds an operand.</summary>
internal enum OperandKind : byte
{
    /// <summary>The result of an earlier instruction.</summary>
    Value,

    /// <summary>A column gathered for the block.</summary>
    Gathered,

    /// <summary>A column stored lane by lane beforehand.</summary>
    Tiled,

    /// <summary>A literal.</summary>
    Constant,

    /// <summary>A column that the kernel writes.</summary>
    Output,

    /// <summary>A spilled result (after allocation).</summary>
    Scratch,

    /// <summary>A vector register (after allocation).</summary>
    Register,
}

/// <summary>An operand.</summary>
internal readonly record struct Operand(OperandKind Kind, int Index)
{
    /// <summary>Whether it is read from memory.</summary>
    public bool IsMemory => Kind is not (OperandKind.Value or OperandKind.Register);
}

/// <summary>An instruction before allocation; unused operands repeat A.</summary>
internal readonly record struct Instruction(Opcode Opcode, Operand A, Operand B, Operand C);

/// <summary>Straight-line code in single assignment: instruction k makes value k.</summary>
/// <param name="Instructions">In an order that makes values before they are used.</param>
/// <param name="Constants">The bits of the literals, in the number format of the code.</param>
/// <param name="Outputs">
/// What goes to each output column; the last is the flag column if <paramref name="HasFlags"/>.
/// </param>
/// <param name="HasFlags">Whether the last output tells lanes that need exact functions.</param>
internal sealed record StraightLineCode(
    IReadOnlyList<Instruction> Instructions, IReadOnlyList<double> Constants, IReadOnlyList<Operand> Outputs,
    bool HasFlags);
