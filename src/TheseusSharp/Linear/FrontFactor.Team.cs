namespace TheseusSharp.Linear;

/// <content>Factorization by several threads.</content>
internal sealed unsafe partial class FrontFactor<T>
{
    /// <summary>
    /// First, threads take whole subtrees, and what the matrix gives to the fronts above; then all work on one front
    /// after the other. What is added to a number, and in which order, is the same as for one thread: children are
    /// added in their order, and dense work is divided by rows, which do not depend on one another.
    /// </summary>
    private sealed class Team : IDisposable
    {
        /// <summary>So many parts for each thread: more are more even, but each packs operands again.</summary>
        private const int PartsPerThread = 2;

        /// <summary>The fewest rows of a part: packing costs the less, the more there are.</summary>
        private const int LeastRows = 64;

        /// <summary>Up to this many columns, the diagonal block is eliminated by one thread.</summary>
        private const int DiagonalColumns = 256;

        /// <summary>About how many multiplications, each with an addition, a thread does in a cycle.</summary>
        private const double ProductsPerCycle = 6;

        private readonly FrontFactor<T> _owner;
        private readonly ParallelPlan _plan;
        private readonly WorkCrew _crew;
        private readonly NativeBuffer<T>[] _scratch;

        private readonly Action<int, int> _prepare;
        private readonly Action<int, int> _addToPanel;
        private readonly Action<int, int> _addToUpdate;
        private readonly Action<int, int> _substitute;
        private readonly Action<int, int> _downdate;
        private readonly Action<int, int> _square;
        private readonly Action<int, int> _solveForward;
        private readonly Action<int, int> _solveBackward;

        /// <summary>What is factored; and the least pivot that failed, in the order of elimination.</summary>
        private T* _values;
        private T* _damping;
        private T* _vector;
        private int _failed;

        /// <summary>What is shared: columns of a front, and the rows of which each part has some.</summary>
        private Front _front = null!;
        private int _first;
        private int _middle;
        private int _end;
        private int _top;
        private int _bottom;
        private int _wedge;
        private int _parts;

        public Team(FrontFactor<T> owner, ParallelPlan plan)
        {
            _owner = owner;
            _plan = plan;
            _crew = new(plan.Threads);
            _scratch = new NativeBuffer<T>[plan.Threads];
            for (int k = 0; k < _scratch.Length; k++)
                _scratch[k] = new(FrontKernels.ScratchLength);
            (_prepare, _addToPanel, _addToUpdate) = (Prepare, AddToPanel, AddToUpdate);
            (_substitute, _downdate, _square) = (Substitute, Downdate, Square);
            (_solveForward, _solveBackward) = (SolveForward, SolveBackward);
        }

        /// <summary>Factors.</summary>
        /// <returns>−1, or the pivot that failed, in the order of elimination.</returns>
        public int Factor(T* values, T* damping, T* y)
        {
            _ = _owner._factor.Pointer; // tells the caller, not a helper, that it is disposed of
            _values = values;
            _damping = damping;
            _vector = y;
            _failed = int.MaxValue;
            using (_crew.Open())
            {
                _crew.Run(_plan.Subtrees.Length + _plan.Top.Length, _prepare);
                foreach (int f in _plan.Top)
                    if (_plan.Fronts[f].FirstPivot < _failed)
                        FactorTogether(f);
            }

            return _failed == int.MaxValue ? -1 : _failed;
        }

        /// <summary>Subtrees first, each by one thread; then the fronts above.</summary>
        public void SolveForward(T* y)
        {
            _vector = y;
            Share(_solveForward);
            foreach (int f in _plan.Top)
                _owner.SolveForward(f, y);
        }

        /// <summary>The other way round.</summary>
        public void SolveBackward(T* y)
        {
            _vector = y;
            for (int k = _plan.Top.Length - 1; k >= 0; k--)
                _owner.SolveBackward(_plan.Top[k], y);
            Share(_solveBackward);
        }

        public void Dispose()
        {
            foreach (NativeBuffer<T> scratch in _scratch)
                scratch.Dispose();
        }

        /// <summary>
        /// A subtree, or what the matrix gives to a front above: no child is needed for that. After a failure, what
        /// comes later in the order of elimination is left; what comes earlier may yet fail first.
        /// </summary>
        private void Prepare(int part, int thread)
        {
            int subtrees = _plan.Subtrees.Length;
            if (part >= subtrees)
            {
                _owner.AssembleMatrix(_plan.Fronts[_plan.Top[part - subtrees]], _values, _damping);
                return;
            }

            Section subtree = _plan.Subtrees[part];
            if (_plan.Fronts[subtree.Start].FirstPivot > Volatile.Read(ref _failed))
                return;
            int failed = _owner.FactorFronts(subtree, _values, _damping, _vector, _scratch[thread].Pointer);
            if (failed >= 0)
                Fail(failed);
        }

        private void SolveForward(int part, int thread) => _owner.SolveForward(_plan.Subtrees[part], _vector);

        private void SolveBackward(int part, int thread) => _owner.SolveBackward(_plan.Subtrees[part], _vector);

        private void Share(Action<int, int> ofSubtree)
        {
            _ = _owner._factor.Pointer;
            using (_crew.Open())
                _crew.Run(_plan.Subtrees.Length, ofSubtree);
        }

        private void Fail(int pivot)
        {
            int known = Volatile.Read(ref _failed);
            while (pivot < known)
            {
                int seen = Interlocked.CompareExchange(ref _failed, pivot, known);
                if (seen == known)
                    return;
                known = seen;
            }
        }

        private void FactorTogether(int f)
        {
            Front front = _front = _plan.Fronts[f];
            double moved = (double)front.Pivots * front.Height;
            ShareColumns(front.Pivots, moved, _addToPanel);
            int failed = Eliminate(0, front.Pivots);
            if (failed >= 0)
            {
                Fail(front.FirstPivot + failed);
                return;
            }

            if (_vector != null)
                _owner.SolveForward(f, _vector);
            if (front.Rows == 0)
                return;
            int first = front.Pivots - front.UpdateTop;
            double products = 0.5 * front.Rows * front.Rows * front.Pivots;
            ShareRows(first & -FrontKernels.Padding, front.UpdateHeight, front.Rows, products, _square);
            ShareColumns(front.Rows, 0.5 * front.Rows * front.Rows, _addToUpdate);
        }

        /// <summary>The halving of <see cref="FrontKernels{T}.Eliminate"/>.</summary>
        private int Eliminate(int first, int end)
        {
            if (end - first <= DiagonalColumns)
                return EliminateColumns(first, end);
            int middle = FrontKernels.Middle(first, end);
            int failed = Eliminate(first, middle);
            if (failed >= 0)
                return failed;
            (_first, _middle, _end) = (first, middle, end);
            double products = (double)(end - middle) * (_front.Height - middle) * (middle - first);
            ShareRows(middle & -FrontKernels.Padding, _front.Height, end - middle, products, _downdate);
            return Eliminate(middle, end);
        }

        private int EliminateColumns(int first, int end)
        {
            int failed = _owner._kernels.EliminateDiagonal(
                _owner.Panel(_front), first, end, _front.Height, _owner.Least(_front), _scratch[0].Pointer);
            if (failed >= 0)
                return failed;
            (_first, _end) = (first, end);
            int top = Math.Min(FrontKernels.Padded(end), _front.Height);
            double products = 0.5 * (end - first) * (end - first) * (_front.Height - top);
            ShareRows(top, _front.Height, 0, products, _substitute);
            return -1;
        }

        /// <summary>Shares rows such that all parts have about as much to do.</summary>
        /// <param name="top">The first row.</param>
        /// <param name="bottom">The row after the last.</param>
        /// <param name="wedge">Over how many rows the work of a row grows evenly, from nothing.</param>
        /// <param name="products">How many multiplications, each with an addition, it all is.</param>
        /// <param name="work">What one part does.</param>
        private void ShareRows(int top, int bottom, int wedge, double products, Action<int, int> work)
        {
            if (top >= bottom)
                return;
            (_top, _bottom, _wedge) = (top, bottom, wedge);
            bool isShared = products / ProductsPerCycle >= _plan.LeastCost;
            int most = Math.Max(1, (bottom - top) / (_plan.LeastCost > 0 ? LeastRows : FrontKernels.Padding));
            _parts = isShared ? Math.Min(PartsPerThread * _plan.Threads, most) : 1;
            _crew.Run(_parts, work);
        }

        /// <summary>Shares columns.</summary>
        private void ShareColumns(int columns, double moved, Action<int, int> work)
        {
            if (_front.Children.Length == 0)
                return;
            (_top, _bottom) = (0, columns);
            _parts = moved >= _plan.LeastCost ? Math.Min(PartsPerThread * _plan.Threads, columns) : 1;
            _crew.Run(_parts, work);
        }

        /// <summary>Where a part's rows start.</summary>
        private int RowOf(int part)
        {
            if (part == _parts)
                return _bottom;
            double height = _bottom - _top, wedge = Math.Min(_wedge, height);
            double area = ((0.5 * wedge) + height - wedge) * part / _parts;
            double row = area <= 0.5 * wedge ? Math.Sqrt(2 * area * wedge) : area + (0.5 * wedge);
            return _top + ((int)row & -FrontKernels.Padding);
        }

        private int ColumnOf(int part) => (int)((long)_bottom * part / _parts);

        private void AddToPanel(int part, int thread)
        {
            for (int k = _front.Children.Start; k < _front.Children.End; k++)
            {
                Front child = _owner.Child(k);
                _owner.AddTo(
                    child, child.PivotRuns, _owner.Panel(_front), _front.Height, ColumnOf(part), ColumnOf(part + 1));
            }
        }

        private void AddToUpdate(int part, int thread)
        {
            int first = _front.Pivots;
            for (int k = _front.Children.Start; k < _front.Children.End; k++)
            {
                Front child = _owner.Child(k);
                _owner.AddTo(
                    child, child.UpdateRuns, _owner.UpdateOrigin(_front), _front.UpdateHeight,
                    first + ColumnOf(part), first + ColumnOf(part + 1));
            }
        }

        private void Substitute(int part, int thread) =>
            _owner._kernels.Substitute(
                _owner.Panel(_front), _first, _end, _front.Height, RowOf(part), RowOf(part + 1),
                _scratch[thread].Pointer);

        private void Downdate(int part, int thread) =>
            _owner._kernels.DowndateRows(
                _owner.Panel(_front), _first, _middle, _end, _front.Height, RowOf(part), RowOf(part + 1),
                _scratch[thread].Pointer);

        private void Square(int part, int thread)
        {
            int top = _front.UpdateTop, first = _front.Pivots - top;
            T* update = _owner.UpdateOrigin(_front) + ((nint)top * (_front.UpdateHeight + 1));
            _owner._kernels.SquareRows(
                _owner.Panel(_front) + top, _front.Height, update, _front.UpdateHeight, first, first + _front.Rows,
                _front.UpdateHeight, RowOf(part), RowOf(part + 1), _front.Pivots, _scratch[thread].Pointer);
        }
    }
}
