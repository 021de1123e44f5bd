using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Kernels;

/// <summary>
/// What a kernel came out as: every report says what ran. A function with rows or tables has several kernels; the report
/// is that of the largest.
/// </summary>
/// <param name="Backend">What runs it.</param>
/// <param name="Width">The vector width it was allocated for.</param>
/// <param name="Precision">The number format.</param>
/// <param name="Instructions">How many vector instructions compute; moves are not counted.</param>
/// <param name="Methods">How many methods it was cut into.</param>
/// <param name="ScratchColumns">How many values spill at most at a time.</param>
/// <param name="CompileTime">From graph to code, the JIT's own work at the first run excepted.</param>
public sealed record KernelReport(
    KernelBackend Backend, SimdWidth Width, Precision Precision, int Instructions, int Methods, int ScratchColumns,
    TimeSpan CompileTime)
{
    /// <summary>In a sentence.</summary>
    public override string ToString() =>
        $"{Instructions} instructions, {Precision.ToString().ToLowerInvariant()}, {(int)Width} bits, " +
        Backend.ToString().ToLowerInvariant();
}

/// <summary>
/// A kernel, and its exact twin for lanes in which an argument lies beyond a polynomial's range. Immutable; safe from
/// several threads on memory of their own.
/// </summary>
internal sealed unsafe class CompiledProgram<T>
    where T : unmanaged
{
    /// <summary>Lanes of an interpreted block: enough to hide the choosing, few enough for the cache.</summary>
    private const int InterpreterLanes = 256;

    /// <summary>Long enough that registers are seldom emptied between chunks.</summary>
    private const int LongestChunk = 1000;

    /// <summary>The JIT stops optimising a method at 60 000 bytes of IL (seen at 54 000, too).</summary>
    private const int LongestMethod = 48000;

    private readonly IKernel<T> _kernel;
    private readonly int _flagColumn;
    private readonly Lazy<BlockInterpreter<T>> _exact;

    private CompiledProgram(
        IKernel<T> kernel, AllocatedProgram program, Func<AllocatedProgram> exact, KernelReport report)
    {
        _kernel = kernel;
        _flagColumn = program.HasFlags ? program.OutputColumns - 1 : -1;
        _exact = new(() => new BlockInterpreter<T>(exact(), kernel.Lanes));
        OutputColumns = program.OutputColumns;
        Report = report;
    }

    public int Lanes => _kernel.Lanes;

    public int ScratchColumns => _kernel.ScratchColumns;

    /// <summary>The outputs asked for, and a flag column if there is one.</summary>
    public int OutputColumns { get; }

    public KernelReport Report { get; }

    /// <summary>Compiles the outputs of a graph.</summary>
    /// <param name="graph">A graph without calls.</param>
    /// <param name="outputs">What each output column holds.</param>
    /// <param name="inputs">Where the kernel finds the nodes that it does not compute.</param>
    /// <param name="options">Width and back-end.</param>
    public static CompiledProgram<T> Compile(
        ExpressionGraph graph, Scalar[] outputs, IReadOnlyDictionary<int, Operand> inputs, CompilerOptions options)
    {
        long start = Stopwatch.GetTimestamp();
        Target target = Target.Resolve(options.Width);
        AllocatedProgram Allocate(bool exact) => AllocateInChunks(
            Lowering.Lower(graph, outputs, inputs, NumberFormat.Of<T>(), target.HasFma, exact), target);

        AllocatedProgram program = Allocate(exact: false);
        KernelBackend backend = Resolve(options.Backend);
        IKernel<T> kernel = Make(program, target, backend);
        var report = new KernelReport(
            backend, target.Width, NumberFormat.Of<T>().Precision, program.InstructionCount, program.Chunks.Count,
            program.ScratchColumns, Stopwatch.GetElapsedTime(start));
        return new(kernel, program, () => Allocate(exact: true), report);
    }

    /// <summary>Runs one block; recomputes exactly the lanes that ask for it.</summary>
    public void Run(T* gathered, T* tiled, T* outputs, T* scratch)
    {
        _kernel.Run(gathered, tiled, outputs, scratch);
        if (_flagColumn < 0)
            return;
        var flags = new ReadOnlySpan<byte>(outputs + (_flagColumn * Lanes), Lanes * Unsafe.SizeOf<T>());
        if (flags.ContainsAnyExcept((byte)0))
            RunExactly(gathered, tiled, outputs);
    }

    /// <summary>In chunks as long as the JIT's limit allows: how much IL they take shows only once allocated.</summary>
    private static AllocatedProgram AllocateInChunks(StraightLineCode code, Target target)
    {
        for (int longest = LongestChunk; ; longest /= 2)
        {
            int chunks = Math.Max(1, (code.Instructions.Count + longest - 1) / longest);
            int length = (code.Instructions.Count / chunks) + 1;
            AllocatedProgram program = RegisterAllocator.Allocate(code, target.Registers, length);
            if (program.LongestMethod <= LongestMethod || longest <= 100)
                return program;
        }
    }

    private static KernelBackend Resolve(KernelBackend backend)
    {
        if (backend == KernelBackend.Compiled && !RuntimeFeature.IsDynamicCodeSupported)
            throw new NotSupportedException(
                "Compiled kernels were asked for, but this process cannot generate code (native AOT, or PublishAot in a " +
                "file-based app): leave the back-end automatic, or set PublishAot=false.");
        return backend != KernelBackend.Automatic ? backend
            : RuntimeFeature.IsDynamicCodeSupported ? KernelBackend.Compiled : KernelBackend.Interpreter;
    }

    private static IKernel<T> Make(AllocatedProgram program, Target target, KernelBackend backend)
    {
        if (RuntimeFeature.IsDynamicCodeSupported && backend == KernelBackend.Compiled)
            return IlEmitter<T>.Emit(program, target);
        return new BlockInterpreter<T>(program, InterpreterLanes);
    }

    /// <summary>
    /// Rare: kept apart, with rented scratch, so that the common path stays short. Replaces only the lanes that asked:
    /// an element's bits depend neither on its neighbours nor on how long a block is.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RunExactly(T* gathered, T* tiled, T* outputs)
    {
        BlockInterpreter<T> exact = _exact.Value;
        T[] rented = ArrayPool<T>.Shared.Rent((_flagColumn + exact.ScratchColumns) * Lanes);
        fixed (T* results = rented)
        {
            exact.Run(gathered, tiled, results, results + (_flagColumn * Lanes));
            for (int lane = 0; lane < Lanes; lane++)
                if (*(byte*)(outputs + (_flagColumn * Lanes) + lane) != 0)
                    for (int column = 0; column < _flagColumn; column++)
                        outputs[(column * Lanes) + lane] = results[(column * Lanes) + lane];
        }

        ArrayPool<T>.Shared.Return(rented);
    }
}
