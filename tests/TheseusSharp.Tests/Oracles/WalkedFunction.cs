using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Oracles;

/// <summary>
/// A traced function as the oracle knows it: its unsimplified trace walked in double-double, its derivatives by
/// differences.
/// </summary>
internal sealed class WalkedFunction
{
    private readonly TreeWalk _walk;

    public WalkedFunction(FunctionTrace trace)
    {
        Trace = trace;
        _walk = TreeWalk.Unsimplified(trace.Graph, trace.Result);
    }

    public FunctionTrace Trace { get; }

    /// <summary>Whether the result has a row for each row of the data.</summary>
    public bool IsRows => Trace.ResultKind is RowsKind;

    /// <summary>The stored result; all rows, one after another.</summary>
    public T[] Value<T>(T[][] arguments)
        where T : struct, IScalar<T> => Flatten(_walk, WalkInputs<T>.Of(Trace, arguments), IsRows);

    /// <summary>For each coordinate of a parameter, the derivatives of all results.</summary>
    public DoubleDouble[][] DerivativesBy(int parameter, DoubleDouble[][] arguments) =>
        Differences.By(Value, Trace.ResultKind, arguments, Trace.Parameters[parameter]);

    /// <summary>
    /// The Jacobian by every parameter that is neither a row array nor a table, laid out as a function gives it.
    /// </summary>
    public DoubleDouble[] Jacobian(DoubleDouble[][] arguments)
    {
        DoubleDouble[][] columns =
        [
            .. Trace.Parameters.Where(parameter => parameter.IsDifferentiable)
                .SelectMany(parameter => DerivativesBy(parameter.Index, arguments)),
        ];
        return [.. Enumerable.Range(0, columns[0].Length).SelectMany(row => columns.Select(column => column[row]))];
    }

    /// <summary>
    /// The outputs of a program (values, Jacobian, or gradients) by a walk: items, then rows one after another.
    /// </summary>
    /// <param name="program">The program.</param>
    /// <param name="cotangents">The weights of the result, if it is a gradient.</param>
    public Func<DoubleDouble[][], DoubleDouble[]> InDoubleDouble(FunctionProgram program, params double[] cotangents) =>
        Walk(program, Array.ConvertAll(cotangents, static x => (DoubleDouble)x));

    /// <summary>The same in double.</summary>
    public Func<double[][], double[]> InDouble(FunctionProgram program, params double[] cotangents)
    {
        Func<Float64[][], Float64[]> walk = Walk(program, Array.ConvertAll(cotangents, static x => (Float64)x));
        return arguments => Array.ConvertAll(
            walk(Array.ConvertAll(arguments, static argument => Array.ConvertAll(argument, static x => (Float64)x))),
            static x => x.Value);
    }

    private Func<T[][], T[]> Walk<T>(FunctionProgram program, T[] cotangents)
        where T : struct, IScalar<T>
    {
        var items = new TreeWalk(program.Graph, program.ItemOutputs);
        var rows = new TreeWalk(program.Graph, program.RowOutputs);
        return arguments =>
        {
            WalkInputs<T> inputs = WalkInputs<T>.Of(Trace, arguments, cotangents);
            return [.. Flatten(items, inputs, byRow: false), .. Flatten(rows, inputs, byRow: true)];
        };
    }

    private static T[] Flatten<T>(TreeWalk walk, WalkInputs<T> inputs, bool byRow)
        where T : struct, IScalar<T>
    {
        T[][] values = walk.Evaluate(inputs);
        if (!byRow)
            return [.. values.Select(value => value[0])];
        return
        [
            .. Enumerable.Range(0, inputs.Rows)
                .SelectMany(row => values.Select(value => value[value.Length == 1 ? 0 : row])),
        ];
    }
}
