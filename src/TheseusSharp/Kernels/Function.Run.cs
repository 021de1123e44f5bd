using TheseusSharp.Symbolics;

namespace TheseusSharp.Kernels;

/// <content>Running a part over a batch, in either number format.</content>
public sealed partial class Function
{
    private unsafe void EvaluateIn<T>(ReadOnlySpan<Argument<T>> arguments, Span<T> values)
        where T : unmanaged
    {
        using BoundArguments<T> bound = Bind(arguments);
        CheckLength(values.Length, Elements(bound), ResultLength, "values");
        fixed (T* target = values)
        {
            ReadOnlySpan<ColumnSink<T>> sinks = [new((nint)target, ResultLength, ResultLength)];
            KernelOf<T>(FunctionPart.Value).Run(bound, null, sinks, sinks, []);
        }
    }

    private unsafe void JacobianIn<T>(ReadOnlySpan<Argument<T>> arguments, Span<T> values, Span<T> jacobian)
        where T : unmanaged
    {
        using BoundArguments<T> bound = Bind(arguments);
        int size = JacobianRows * JacobianColumns;
        if (!values.IsEmpty)
            CheckLength(values.Length, Elements(bound), ResultLength, "values");
        CheckLength(jacobian.Length, Elements(bound), size, "Jacobian");
        fixed (T* target = values, derivative = jacobian)
        {
            ReadOnlySpan<ColumnSink<T>> sinks =
                [new((nint)target, ResultLength, ResultLength), new((nint)derivative, size, size)];
            KernelOf<T>(FunctionPart.Jacobian).Run(bound, null, sinks, sinks, []);
        }
    }

    private void GradientIn<T>(
        ReadOnlySpan<Argument<T>> arguments, ReadOnlyMemory<T> cotangents, ReadOnlySpan<Memory<T>> gradients)
        where T : unmanaged
    {
        using BoundArguments<T> bound = Bind(arguments);
        CheckLength(cotangents.Length, Elements(bound), JacobianRows, "cotangents");
        if (gradients.Length != arguments.Length)
            throw new ArgumentException(
                $"The function has {arguments.Length} parameters; {gradients.Length} gradients were given. " +
                "Pass an empty one to drop it.");
        var items = new List<ColumnSink<T>>();
        var rows = new List<ColumnSink<T>>();
        var tables = new nint[gradients.Length];
        for (int k = 0; k < gradients.Length; k++)
            AddSink(_trace.Parameters[k], gradients[k], arguments[k], bound, items, rows, tables);
        bool isRows = _trace.ResultKind is RowsKind;
        var weights = new ColumnSource<T>(
            bound.Pin(cotangents), isRows ? (nint)bound.Rows * JacobianRows : JacobianRows, 0, JacobianRows);
        KernelOf<T>(FunctionPart.Gradient).Run(bound, weights, items.ToArray(), rows.ToArray(), tables);
    }

    private static void AddSink<T>(
        Parameter parameter, Memory<T> gradient, Argument<T> argument, BoundArguments<T> bound,
        List<ColumnSink<T>> items,
        List<ColumnSink<T>> rows, nint[] tables)
        where T : unmanaged
    {
        nint target = gradient.IsEmpty ? 0 : bound.Pin(gradient);
        string name = $"gradient {parameter.Index}";
        if (parameter.IsTable)
        {
            if (target != 0)
                CheckLength(gradient.Length, 1, argument.Data.Length, name);
            tables[parameter.Index] = target;
            return;
        }

        int length = parameter.Kind.TangentLength;
        if (target != 0)
            CheckLength(gradient.Length, (long)bound.Count * (parameter.IsRows ? bound.Rows : 1), length, name);
        (parameter.IsRows ? rows : items).Add(new(target, length, length));
    }

    private static void CheckLength(int found, long elements, int length, string what)
    {
        if (found != elements * length)
            throw new ArgumentException($"The {what} take {elements} × {length} numbers; room for {found} was given.");
    }

    private BoundArguments<T> Bind<T>(ReadOnlySpan<Argument<T>> arguments)
        where T : unmanaged
    {
        BoundArguments<T> bound = BoundArguments<T>.Bind(_trace.Parameters, arguments);
        for (int k = 0; k < arguments.Length; k++)
            if (_tiled[k] != arguments[k].Tile is not null)
            {
                bound.Dispose();
                throw new ArgumentException(_tiled[k]
                    ? $"Argument {k} is taken in lane order: pass Argument.Tiled."
                    : $"Argument {k} is not taken in lane order: use WithTiled, or pass its numbers.");
            }

        return bound;
    }

    private long Elements<T>(BoundArguments<T> bound)
        where T : unmanaged => (long)bound.Count * (_trace.ResultKind is RowsKind ? Math.Max(bound.Rows, 0) : 1);
}
