"""Expressions that mean the same for NumPy's arrays and, through NumPy's own functions, for Variables.

Each line is a case: written with the names of `ARRAYS` and np, it is evaluated once with arrays and once with Variables.
"""

from __future__ import annotations

import numpy as np

_rng = np.random.default_rng(0)

#: Vectors, matrices, a cube; integers, bool, float32, and a vector with NaN and an infinity.
ARRAYS = {
    "V": _rng.normal(size=7), "W": _rng.normal(size=7), "M": _rng.normal(size=(3, 4)), "N": _rng.normal(size=(4, 3)),
    "S": _rng.normal(size=(3, 3)) + 3 * np.eye(3), "I": _rng.integers(-5, 9, size=8), "J": _rng.integers(0, 5, size=8),
    "B": _rng.normal(size=(3, 4)) > 0, "F": _rng.normal(size=(3, 4)).astype("float32"), "Q": _rng.normal(size=(2, 3, 4)),
    "Z": np.array([0.5, -1.0, np.nan, 2.0, np.inf, 0.25, -3.0]),
}  # fmt: skip

#: Topic -> cases.
CASES = {
    "reductions": """
        np.sum(M,axis=0,keepdims=True)
        np.sum(M,axis=(0,1))
        np.sum(M,initial=3.0)
        np.sum(I,initial=3,axis=0)
        np.prod(M,axis=1,initial=2.0)
        np.max(M,axis=1,initial=0.0)
        np.min(M,initial=0.0)
        np.max(M,axis=1,initial=0.0,keepdims=True)
        np.sum(M,where=B)
        np.mean(M,where=B)
        np.max(M,where=B,initial=-9.0)
        np.any(B,axis=1)
        np.all(B,axis=1,keepdims=True)
        np.all(M>0,where=B)
        np.std(M,axis=0,ddof=1)
        np.var(M,axis=0,ddof=1,keepdims=True)
        np.var(M,axis=1,correction=1)
        np.std(M,where=B)
    """,
    "reductions without NaN, averages": """
        np.nansum(Z)
        np.nanmax(Z[:4])
        np.nanstd(Z[:4],ddof=1)
        np.nanmean(Z[:4],keepdims=True)
        np.nansum(Z[:4],initial=2.0)
        np.nancumsum(Z[:4])
        np.ptp(M,axis=1,keepdims=True)
        np.average(M,axis=0,weights=[1.0,2.0,3.0],returned=True)
        np.average(M,weights=np.abs(M))
        np.average(M,axis=1,keepdims=True)
        np.average(M,axis=(0,1),weights=B)
    """,
    "quantiles": """
        np.median(M,axis=0,keepdims=True)
        np.median(M,axis=0,overwrite_input=False)
        np.nanmedian(Z[:4])
        np.percentile(M,[25,75],axis=1)
        np.quantile(M,0.3,axis=(0,1),method='hazen')
        np.quantile(V,[0.1,0.6],method='inverted_cdf',weights=np.abs(W))
        np.percentile(V,[10,60],method='inverted_cdf',weights=np.abs(W))
        np.nanquantile(Z[:4],[0.1,0.6],method='inverted_cdf',weights=np.abs(W)[:4])
    """,
    "covariances": """
        np.cov(M)
        np.cov(M,rowvar=False,bias=True)
        np.cov(M[0],M[1],ddof=0)
        np.cov(M,fweights=[1,2,3,1])
        np.cov(M,aweights=[1.,2,3,1])
        np.cov(M,fweights=[1,2,3,1],aweights=[1.,2,3,1],ddof=0)
        np.cov(F,dtype='float32')
        np.corrcoef(M)
        np.corrcoef(M,rowvar=False)
    """,
    "differences and convolution": """
        np.interp(V,[-1.,0,1],[3.,4,9],left=-7,right=7)
        np.interp(V,[-1.,0,1],[3.,4,9],period=2.5)
        np.trapezoid(M,dx=0.1,axis=0)
        np.trapezoid(M,x=[1.,2,4,8])
        np.convolve(V,W,'full')
        np.convolve(V,W[:3],'same')
        np.convolve(V,W[:3],'valid')
        np.correlate(V,W[:3],'full')
        np.correlate(V,W[:3],'same')
        np.correlate(W[:3],V,'full')
        np.correlate(W[:3],V)
        np.diff(M,prepend=0,append=1.5)
        np.diff(M,n=2,axis=0)
        np.diff(M,axis=0,prepend=M[:1])
        np.ediff1d(V,to_begin=0,to_end=[1,2])
    """,
    "counting, taking, unwrapping": """
        np.bincount(J,minlength=9)
        np.bincount(J,weights=np.ones(8)*0.5)
        np.take(V,[1,-1,3])
        np.take(M,J,axis=1,mode='wrap')
        np.take(M,I,axis=0,mode='clip')
        np.take(M,[[1,2],[0,0]],axis=0)
        np.unwrap(V*5)
        np.unwrap(M*5,axis=0)
        np.unwrap(V*5,discont=4,period=3.0)
        np.unwrap(I,period=4)
    """,
    "bounds and polynomials": """
        np.nan_to_num(Z)
        np.nan_to_num(Z,nan=1.0,posinf=9.0,neginf=-9.0)
        np.clip(V,None,0.5)
        np.clip(V,-0.5,None)
        np.clip(V,-0.5,0.5)
        np.clip(V,min=-0.5)
        np.clip(V,a_min=-0.5,a_max=0.5)
        np.clip(V,None,None)
        np.clip(I,-2,3)
        np.polyval([1.,2,3],V)
        np.polyval(V,2.0)
    """,
    "products of vectors": """
        np.cross(M[:,:3],N[:3])
        np.cross(M[:3,:3],N[:3],axis=0)
        np.vecdot(M,F)
        np.vecdot(M,M,axis=0)
        np.linalg.vecdot(M,M)
        np.vdot(V,W)
        np.vdot(M,F)
        np.inner(M,F)
        np.inner(V,3.0)
        np.cumulative_sum(V)
        np.cumulative_sum(M,axis=1)
        np.cumulative_sum(M,axis=1,include_initial=True)
        np.cumulative_prod(M,axis=0,include_initial=True)
        np.cumulative_sum(I,dtype='float64')
    """,
    "parts of floats": """
        np.trunc(V)
        np.fix(V)
        np.i0(V)
        np.sinc(V)
        np.frexp(V)
        np.frexp(Z)
        np.frexp(F)
        np.modf(V)
        np.modf(Z)
        np.matvec(M,N[:,0])
        np.vecmat(M[:,0],M)
        np.vecmat(V[:3],Q.transpose(0,1,2))
    """,
    "names of the array standard": """
        np.astype(V,'float32')
        np.bitwise_left_shift(J,2)
        np.acos(V/9),np.asin(V/9),np.atan(V),np.atanh(V/9),np.asinh(V),np.acosh(V+9),np.atan2(V,W)
        np.pow(np.abs(V),2.5)
        np.concat([V,W])
        np.permute_dims(Q,(2,0,1))
        np.float_power(J,2)
        np.nextafter(V,W)
        np.spacing(V)
        np.spacing(F)
        np.spacing(Z)
        np.lcm(I,J)
        np.gcd(I,J)
    """,
    "histograms": """
        np.histogram(V)
        np.histogram(V,bins=5,range=(-1,1))
        np.histogram(V,bins=[-1.,0,1],density=True)
        np.histogram(V,bins=4,weights=np.abs(W))
    """,
    "bins estimated": """
        np.histogram(V,bins='auto')
        np.histogram(V,bins='fd')
        np.histogram(V,bins='sturges')
        np.histogram(V,bins='scott')
        np.histogram(V,bins='rice')
        np.histogram(V,bins='sqrt')
        np.histogram(V,bins='doane')
        np.histogram(I,bins='auto')
        np.histogram(V,bins='auto',range=(-1,1))
        np.histogram_bin_edges(V,bins='fd')
        np.histogram2d(V,W,bins=3)
        np.histogram2d(V,W,bins=[3,[-1.,0,1]])
        np.histogram2d(V,W,bins=3,range=[[-1,1],[-2,2]],density=True,weights=np.abs(V))
    """,
    "padding": """
        np.digitize(V,[-1.,0,1],right=True)
        np.pad(M,1,'edge')
        np.pad(M,1)
        np.pad(M,((1,2),(0,1)),constant_values=((1,2),(3,4)))
        np.pad(V,(2,3),'linear_ramp',end_values=(5,-4))
        np.pad(V,2,'maximum',stat_length=3)
        np.pad(V,2,'reflect',reflect_type='odd')
        np.pad(M,{0:1,-1:(0,2)},'wrap')
    """,
    "inserting and deleting": """
        np.insert(V,1,9.0)
        np.insert(V,[1,3,3],[9.0,8.0,7.0])
        np.insert(M,1,5.0,axis=1)
        np.insert(M,[0,2],N[:3,:2],axis=1)
        np.insert(V,slice(0,4,2),1.0)
        np.insert(V,-1,[1.,2.])
        np.delete(V,[1,3])
        np.delete(V,-1)
        np.delete(M,slice(0,3,2),axis=1)
        np.delete(V,np.array([True,False,False,True,False,False,False]))
        np.append(M,M[:1],axis=0)
        np.append(M,V)
    """,
    "sets": """
        np.unique(I)
        np.unique(I,return_index=True,return_inverse=True,return_counts=True)
        np.unique(M>0,axis=0)
        np.unique(I.reshape(4,2)%2,axis=0,return_index=True,return_inverse=True,return_counts=True)
        np.unique(I.reshape(4,2)%2,axis=1,return_counts=True)
        np.unique(I.reshape(4,2)%2,axis=1,return_inverse=True)
        np.unique_counts(I)
        np.unique_inverse(I)
        np.unique_all(I)
        np.union1d(I,J)
        np.intersect1d(I,J,return_indices=True)
        np.setdiff1d(I,J)
        np.setxor1d(I,J)
        np.isin(I,J,invert=True)
    """,
    "sorting": """
        np.sort(M,axis=None)
        np.sort(M,axis=0,kind='stable')
        np.sort(V,stable=True)
        np.argsort(M,axis=1)
        np.argsort(M,axis=1,stable=True)
        np.partition(V,3)
        np.argpartition(V,3)[3]
        np.partition(M,(1,2),axis=1)[:,1]
        np.searchsorted(np.sort(V),W,side='right')
        np.searchsorted(V,W,sorter=np.argsort(V))
        np.lexsort((V,W))
        np.argmax(M,axis=1,keepdims=True)
        np.argmin(M)
        np.nanargmax(Z[:4])
    """,
    "choosing": """
        np.count_nonzero(B,axis=1,keepdims=True)
        np.nonzero(B)
        np.argwhere(B)
        np.flatnonzero(B)
        np.where(B,M,0)
        np.where(B)
        np.select([V<0,V>1],[V,W],default=3)
        np.compress([True,False,True],M,axis=0)
        np.extract(B,M)
        np.piecewise(V,[V<0,V>=0],[-1.0,1.0])
        np.take_along_axis(M,np.argsort(M,axis=1),axis=1)
    """,
    "repeating and turning": """
        np.tile(V,(2,3))
        np.repeat(V,3)
        np.repeat(M,[1,2,0],axis=0)
        np.roll(M,1)
        np.roll(M,(1,2),axis=(0,1))
        np.rot90(M,k=3)
        np.rot90(Q,axes=(1,2))
        np.flip(M)
        np.flip(M,axis=(0,1))
        np.fliplr(M),np.flipud(M)
        np.rollaxis(Q,2)
        np.moveaxis(Q,[0,1],[-1,-2])
        np.swapaxes(Q,0,2)
        np.transpose(Q,(1,0,2))
        np.expand_dims(M,(0,2))
        np.squeeze(M[:1],axis=0)
    """,
    "shapes": """
        np.ravel(M)
        np.ravel(M,order='F')
        np.reshape(M,(2,6))
        np.reshape(M,(2,-1),order='F')
        np.reshape(M,shape=(4,3))
        np.resize(V,(3,4))
        np.atleast_1d(V),np.atleast_2d(V),np.atleast_3d(V)
        np.atleast_2d(V,M)
        np.broadcast_to(V,(2,7))
        np.broadcast_arrays(M,M[0])
    """,
    "joining and splitting": """
        np.concatenate([M,M],axis=None)
        np.concatenate([M,F],axis=1)
        np.concatenate([I,J],dtype='float32')
        np.stack([V,W],axis=1)
        np.hstack([V,W]),np.vstack([V,W]),np.dstack([V,W]),np.column_stack([V,W])
        np.block([[M,M],[M,M]])
        np.split(V[:6],3)
        np.split(V,[2,4])
        np.array_split(V,3)
        np.hsplit(M,2),np.vsplit(M,3)
        np.unstack(M)
    """,
    "diagonals and grids": """
        np.tril(M,k=-1),np.triu(M,k=1)
        np.diag(V),np.diag(M),np.diag(M,k=1)
        np.diagonal(Q,offset=1,axis1=1,axis2=2)
        np.diagflat(M)
        np.trace(S),np.trace(Q,axis1=1,axis2=2)
        np.vander(V,3),np.vander(V,increasing=True)
        np.meshgrid(V,W,indexing='ij')
        np.meshgrid(V,W)
        np.ix_(J[:2],J[:3])
        np.tril_indices_from(S),np.triu_indices_from(S,k=1)
        np.trim_zeros(np.round(V))
    """,
    "products": """
        np.dot(M,N)
        np.matmul(M,N)
        np.tensordot(Q,Q,axes=([1,2],[1,2]))
        np.tensordot(M,N,axes=1)
        np.einsum('ij,jk->ik',M,N)
        np.einsum('ij->j',M)
        np.einsum('ii',S)
        np.einsum('...i,...i',Q,Q)
        np.einsum(M,[0,1],N,[1,2],[0,2])
        np.einsum('ij,jk,kl->il',M,N,M,optimize=True)
        np.outer(V,W)
        np.kron(M,N)
    """,
    "linear algebra": """
        np.linalg.solve(S,V[:3])
        np.linalg.solve(S,N[:3])
        np.linalg.inv(S)
        np.linalg.det(S)
        np.linalg.slogdet(S)
        np.linalg.cholesky(S@S.T)
        np.linalg.cholesky(S@S.T,upper=True)
        np.linalg.qr(S)
        np.linalg.qr(M,mode='r')
        np.abs(np.linalg.qr(N,mode='complete')[0])
        np.linalg.svd(M,compute_uv=False)
        np.linalg.svd(M,full_matrices=False)[1]
        np.linalg.eigvalsh(S+S.T)
        np.linalg.eigh(S+S.T)[0]
        np.linalg.eigh(S+S.T,UPLO='U')[0]
        np.linalg.pinv(M)
        np.linalg.pinv(M,rcond=1e-3)
        np.linalg.lstsq(N,V[:4],rcond=None)[0]
        np.linalg.matrix_power(S,3)
        np.linalg.matrix_power(S,-2)
    """,
    "norms, tensors": """
        np.linalg.matrix_rank(M)
        np.linalg.cond(S),np.linalg.cond(S,1)
        np.linalg.norm(M),np.linalg.norm(M,1),np.linalg.norm(M,'nuc'),np.linalg.norm(M,axis=1),np.linalg.norm(M,2)
        np.linalg.norm(V,3),np.linalg.norm(V,np.inf),np.linalg.norm(M,ord='fro',keepdims=True)
        np.linalg.multi_dot([M,N,M])
        np.linalg.tensorsolve(S,V[:3])
        np.linalg.outer(V,W)
        np.linalg.trace(S),np.linalg.diagonal(S)
        np.linalg.matmul(M,N)
        np.linalg.tensordot(M,N,axes=1)
        np.linalg.cross(M[:,:3],N[:3])
        np.linalg.vector_norm(V),np.linalg.matrix_norm(M)
        np.linalg.matrix_transpose(M),np.matrix_transpose(Q)
    """,
    "ufuncs and their methods": """
        np.logaddexp.reduce(V)
        np.add.reduce(M,axis=1)
        np.add.reduce(M)
        np.multiply.accumulate(M,axis=1)
        np.subtract.outer(V,W)
        np.add.reduce(M,axis=None)
        np.logaddexp(V,W),np.logaddexp2(V,W)
        np.hypot(V,W),np.cbrt(V),np.exp2(V),np.log2(np.abs(V)),np.log1p(np.abs(V)),np.expm1(V)
    """,
    "elementwise": """
        np.sign(V),np.signbit(V),np.copysign(V,W),np.ldexp(V,3),np.rint(V),np.floor(V),np.ceil(V)
        np.isfinite(Z),np.isnan(Z),np.isinf(Z),np.isposinf(Z),np.isneginf(Z)
        np.isclose(V,W),np.allclose(V,V),np.array_equal(V,W),np.array_equiv(V,W)
        np.round(V,2),np.around(V,1),np.round(I,-1)
        np.maximum(V,W),np.fmax(V,W),np.fmod(V,W),np.mod(V,W),np.remainder(V,W),np.floor_divide(V,W),np.divmod(V,W)
        np.heaviside(V,0.5),np.reciprocal(V),np.square(V),np.positive(V),np.negative(V),np.absolute(V),np.fabs(V)
        np.deg2rad(V),np.rad2deg(V),np.degrees(V),np.radians(V)
        np.bitwise_and(I,J),np.bitwise_or(I,J),np.bitwise_xor(I,J),np.invert(I),np.bitwise_not(I),np.bitwise_invert(I),np.bitwise_count(I)
        np.left_shift(I,J),np.right_shift(I,J),np.bitwise_right_shift(I,J)
        np.logical_and(B,M),np.logical_or(B,M),np.logical_xor(B,M),np.logical_not(M)
        np.greater(V,W),np.less_equal(V,W),np.equal(V,W),np.not_equal(V,W)
    """,
    "filled, running, slopes": """
        np.zeros_like(M),np.ones_like(M,dtype='int32'),np.full_like(M,3.5),np.full_like(M,2,shape=(2,2))
        np.zeros_like(M,shape=(2,))
        np.cumsum(M),np.cumsum(M,axis=0),np.cumprod(M,axis=1),np.cumsum(I,dtype='float32')
        np.gradient(V),np.gradient(M,axis=1),np.gradient(V,2.0),np.gradient(V,np.arange(7.)**2,edge_order=2)
        np.apply_along_axis(lambda r: r[::-1],1,M)
        np.apply_over_axes(np.sum,Q,[0,2])
        np.size(M,1)
        np.copy(M)
        np.real(V),np.imag(V),np.conj(V),np.angle(V)
        np.isreal(V),np.iscomplex(V),np.iscomplexobj(V),np.isrealobj(V)
        np.sum(M,0),np.mean(M,1),np.max(M,1),np.sum(M,None,'float32')
    """,
    "polynomials": """
        np.polyadd(V,W),np.polysub(V,W[:3]),np.polymul(V,W[:3])
        np.polyder(V),np.polyint(V),np.polyder(V,2)
        np.polyfit(V,W,2)
        np.nanprod(Z[:4])
        np.unravel_index(J,(3,4)),np.ravel_multi_index((J%3,J%4),(3,4))
        np.diag_indices_from(S)
        np.max(V)
        np.nanpercentile(Z[:4],30),np.nanvar(Z[:4]),np.nanmin(Z[:4]),np.nanargmin(Z[:4])
        np.nancumprod(Z[:4])
    """,
    "methods": """
        V.clip(-1,1),V.clip(min=0),V.clip(max=0)
        V.round(2),V.conj(),V.argpartition(2)[2],V.max(initial=9.0)
        M.sum(axis=0,initial=1.0),M.prod(initial=2.0),M.min(axis=1,initial=0.0)
        V.mean(where=V>0),M.T
        Q.mT
        M.flatten(),M.ravel()
        M.dot(N),M.cumsum(axis=1),M.std(ddof=1),M.var(axis=0),M.argsort(axis=0),M.trace()
        M.any(),M.all(axis=0),M.nonzero(),M.repeat(2,axis=0),M.take([0,1],axis=1),M.transpose(1,0),M.squeeze()
        V.real,V.imag
        V.compress(V>0),V.searchsorted(W),M.diagonal(),M.swapaxes(0,1),J.choose([J,J,J,J,J])
    """,
    "ranges, and keywords": """
        np.linspace(V[0],V[1],5)
        np.linspace(M[0],M[1],5,axis=-1)
        np.linspace(M[0],M[1],5,endpoint=False,retstep=True)
        np.linspace(F[0],F[1],7)
        np.linspace(M[0],M[1],1)
        np.linspace(V[0]*10,V[1]*10,5,dtype='int32')
        np.logspace(V[0],V[1],5)
        np.geomspace(V[0]**2,V[1]**2,5)
        np.vstack([V,W],dtype='float32'),np.stack([I,J],dtype='float64')
    """,
    "linear algebra with keywords": """
        np.linalg.pinv(M,rtol=1e-4)
        np.linalg.matrix_rank(M,rtol=0.1)
        np.linalg.tensorsolve(Q.reshape(4,6)[:,:4].reshape(2,2,4),V[:4].reshape(2,2))
        np.linalg.tensorinv(Q.reshape(4,6)[:,:4].reshape(4,2,2),ind=1)
        np.unique(np.round(M),axis=0)
        np.unique(np.round(Q),axis=1,return_index=True,return_inverse=True,return_counts=True)
        np.unique(np.round(V),axis=0,return_counts=True)
        np.unique(M[:,:0],axis=0)
    """,
}  # fmt: skip
