using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Kernels;

/// <summary>A function lowered for a machine with or without FMA, and interpreted without its exact twin.</summary>
internal sealed unsafe class LoweredFunction<T>
    where T : unmanaged
{
    private const int Lanes = 64;

    private readonly AllocatedProgram _program;
    private readonly BlockInterpreter<T> _interpreter;
    private readonly int _inputs;

    public LoweredFunction(Function function, bool hasFma)
    {
        StraightLineCode code = Lower(function, FunctionPart.Value, hasFma);
        _inputs = function.Trace.InputSlots;
        _program = RegisterAllocator.Allocate(code, registers: 13, chunkLength: 500);
        _interpreter = new(_program, Lanes);
    }

    /// <summary>The code of a part.</summary>
    public static StraightLineCode Lower(Function function, FunctionPart part, bool hasFma)
    {
        FunctionProgram program = FunctionPrograms.Make(
            function.Trace, part, [.. function.Trace.Parameters.Where(parameter => parameter.IsDifferentiable)]);
        return Lower(program, hasFma);
    }

    /// <summary>The code of a program whose columns are all gathered.</summary>
    public static StraightLineCode Lower(FunctionProgram program, bool hasFma)
    {
        var inputs = new Dictionary<int, Operand>();
        for (int i = 0; i < program.Graph.Count; i++)
            if (program.Graph[i].Operation == Operation.Input)
                inputs.Add(i, new(OperandKind.Gathered, program.Graph[i].A));
        return Lowering.Lower(program.Graph, program.ItemOutputs, inputs, NumberFormat.Of<T>(), hasFma, exact: false);
    }

    /// <summary>Runs over a batch.</summary>
    /// <param name="columns">For each input slot, a number for each element.</param>
    /// <returns>The first output, and whether the element asks for exact functions.</returns>
    public (T Value, bool AsksForExact)[] Run(params T[][] columns)
    {
        var results = new (T, bool)[columns[0].Length];
        var memory = new T[(_inputs + _program.OutputColumns + _interpreter.ScratchColumns) * Lanes];
        fixed (T* gathered = memory)
            for (int start = 0; start < results.Length; start += Lanes)
            {
                int valid = Math.Min(Lanes, results.Length - start);
                for (int k = 0; k < _inputs; k++)
                    columns[k].AsSpan(start, valid).CopyTo(memory.AsSpan(k * Lanes));
                T* outputs = gathered + (_inputs * Lanes);
                _interpreter.Run(gathered, null, outputs, outputs + (_program.OutputColumns * Lanes));
                T* flags = outputs + ((_program.OutputColumns - 1) * Lanes);
                for (int lane = 0; lane < valid; lane++)
                    results[start + lane] = (outputs[lane], _program.HasFlags && *(byte*)(flags + lane) != 0);
            }

        return results;
    }
}
