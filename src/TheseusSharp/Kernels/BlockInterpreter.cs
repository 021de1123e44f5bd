using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TheseusSharp.Kernels;

/// <summary>
/// Runs an allocated program without code generation: each step over all lanes of a block before the next, so that the
/// cost of choosing what to do is shared by many lanes. Gives the same bits as machine code.
/// </summary>
/// <typeparam name="T">double or float.</typeparam>
internal sealed unsafe class BlockInterpreter<T> : IKernel<T>
    where T : unmanaged
{
    private readonly Step[] _steps;
    private readonly T[] _constants;
    private readonly int _registers;
    private readonly int _scratchColumns;

    /// <summary>Prepares a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="lanes">How many lanes a block has.</param>
    public BlockInterpreter(AllocatedProgram program, int lanes)
    {
        _steps = program.Steps.ToArray();
        _constants = Numbers.Spread<T>(program.Constants, lanes);
        _registers = program.Registers;
        _scratchColumns = program.ScratchColumns;
        Lanes = lanes;
    }

    /// <inheritdoc/>
    public int Lanes { get; }

    /// <summary>Registers, then spilled values.</summary>
    public int ScratchColumns => _registers + _scratchColumns;

    /// <inheritdoc/>
    public void Run(T* gathered, T* tiled, T* outputs, T* scratch)
    {
        T** bases = stackalloc T*[7];
        bases[(int)OperandKind.Gathered] = gathered;
        bases[(int)OperandKind.Tiled] = tiled;
        bases[(int)OperandKind.Constant] = (T*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_constants));
        bases[(int)OperandKind.Output] = outputs;
        bases[(int)OperandKind.Scratch] = scratch + (_registers * Lanes);
        bases[(int)OperandKind.Register] = scratch;
        foreach (ref readonly Step step in _steps.AsSpan())
        {
            T* target = Column(bases, step.Target);
            T* a = Column(bases, step.A);
            if (step.IsMove)
                new ReadOnlySpan<T>(a, Lanes).CopyTo(new(target, Lanes));
            else
                LaneOperations.Run(step.Opcode, target, a, Column(bases, step.B), Column(bases, step.C), Lanes);
        }
    }

    private T* Column(T** bases, Operand operand) => bases[(int)operand.Kind] + (operand.Index * Lanes);
}
